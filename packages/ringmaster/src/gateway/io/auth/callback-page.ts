import type { ServerResponse } from 'node:http';

/** What the browser is told when it comes back. */
export type CallbackPage =
  | { readonly kind: 'done'; readonly language: 'en' | 'ja'; readonly server: string }
  | { readonly kind: 'unknown'; readonly language: 'en' | 'ja' }
  | {
      readonly kind: 'failed';
      readonly language: 'en' | 'ja';
      readonly server: string;
      readonly reason: string;
    };

/** Answers with a small page that loads nothing, may not be framed, and keeps its address to itself. */
export function sendPage(response: ServerResponse, page: CallbackPage): void {
  const { title, text } = wordsOf(page);
  const html = `<!doctype html><html lang="${page.language}"><meta charset="utf-8"><title>Ringmaster</title>
<body style="font:16px/1.6 system-ui;max-width:36em;margin:15vh auto;padding:0 1em">
<h1 style="font-size:1.4em">${escaped(title)}</h1><p>${escaped(text)}</p></body></html>`;
  response.writeHead(page.kind === 'done' ? 200 : 400, {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy':
      "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
    'referrer-policy': 'no-referrer',
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
  });
  response.end(html);
}

function wordsOf(page: CallbackPage): { readonly title: string; readonly text: string } {
  const isJapanese = page.language === 'ja';
  switch (page.kind) {
    case 'done':
      return isJapanese
        ? { title: `${page.server} にサインインしました`, text: 'この画面は閉じて構いません。' }
        : { title: `Signed in to ${page.server}`, text: 'You may close this page.' };
    case 'unknown':
      return isJapanese
        ? {
            title: 'このサインインは見つかりません',
            text: '期限が切れたか、すでに使われています。ringmaster login をもう一度実行してください。',
          }
        : {
            title: 'There is no such sign-in',
            text: 'It took too long, or its answer was used already. Run ringmaster login again.',
          };
    case 'failed':
      return isJapanese
        ? { title: `${page.server} にサインインできませんでした`, text: page.reason }
        : { title: `Could not sign in to ${page.server}`, text: page.reason };
  }
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
