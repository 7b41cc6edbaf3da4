/** Most of the header that is read, in characters; a browser sends some tens. */
const headerMaxChars = 500;

/**
 * The language to answer in, of an `Accept-Language` header (RFC 9110, 12.5.4): what is preferred most of the two there
 * are, English when neither is named.
 */
export function askedLanguage(header: string | undefined): 'en' | 'ja' {
  let best: { readonly language: 'en' | 'ja'; readonly weight: number } | undefined;
  for (const range of (header ?? '').slice(0, headerMaxChars).toLowerCase().split(',')) {
    const [, language, q = '1'] =
      /^\s*(en|ja)(?:-[^;]*)?(?:\s*;\s*q=([\d.]+))?\s*$/.exec(range) ?? [];
    const weight = Number(q);
    if ((language !== 'en' && language !== 'ja') || !(weight > 0)) continue;
    if (best === undefined || weight > best.weight) best = { language, weight };
  }
  return best?.language ?? 'en';
}
