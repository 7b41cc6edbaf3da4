import { createHmac } from 'node:crypto';
import { messageJson, postJson, type Send } from './notifier.ts';

/**
 * Posts JSON to any address. With a secret, `x-ringmaster-signature` is `v1=` and the HMAC-SHA256, in hex, of the
 * timestamp (`x-ringmaster-timestamp`, seconds since 1970), a dot, and the body.
 */
export const sendWebhook: Send<'webhook'> = async ({ url, secret }, message, tools) => {
  const body = messageJson(message);
  const headers: Record<string, string> = { 'x-ringmaster-id': message.id };
  if (secret !== undefined) {
    const timestamp = String(Math.floor(tools.nowMs() / 1_000));
    const mac = createHmac('sha256', await tools.expand(secret));
    headers['x-ringmaster-timestamp'] = timestamp;
    headers['x-ringmaster-signature'] = `v1=${mac.update(`${timestamp}.${body}`).digest('hex')}`;
  }
  await postJson(await tools.expand(url), body, headers);
};
