import { messageText, postJson, type Send } from './notifier.ts';

/** Longest text of one message; Slack cuts at 40 000 characters and asks for at most 4 000. */
const textMax = 4_000;

/** Posts to an incoming webhook of Slack. Words of servers are text: `&`, `<` and `>` are written as Slack asks. */
export const sendSlack: Send<'slack'> = async ({ url }, message, { expand }) => {
  const text = messageText(message).slice(0, textMax);
  const escaped = text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  await postJson(await expand(url), JSON.stringify({ text: escaped }));
};
