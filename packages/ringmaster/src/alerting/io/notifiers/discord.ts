import { messageText, postJson, type Send } from './notifier.ts';

/** Longest `content` Discord takes. */
const contentMax = 2_000;

/** Posts to a webhook of Discord; nobody is pinged, whatever a server wrote. */
export const sendDiscord: Send<'discord'> = async ({ url }, message, { expand }) => {
  const content = messageText(message).slice(0, contentMax);
  const body = JSON.stringify({ content, allowed_mentions: { parse: [] } });
  await postJson(await expand(url), body);
};
