import type { Frame } from '../../frame.ts';
import { errorText, isObject, notificationText, resultText } from '../../messages.ts';
import { metaKeys, modernVersion, rpcCodes } from '../../protocol.ts';

/** The answers to a message of a session that has not begun; only `ping` may come so early (2025-11-25, lifecycle). */
export function earlyAnswers({ ids, method }: Frame): string[] {
  return ids.map((id) => (method === 'ping' ? resultText(id, '{}') : errorText(id, notBegun)));
}

const notBegun = {
  code: rpcCodes.invalidRequest,
  message: `This connection has no session: send initialize first, or name the revision ${modernVersion} in _meta["${metaKeys.protocolVersion}"] of each request`,
};

/** What may have changed while nobody listened, of all that the client asked to hear of. */
export function newsOf(message: unknown): string[] {
  const params = isObject(message) && isObject(message['params']) ? message['params'] : {};
  const asked = isObject(params['notifications']) ? params['notifications'] : {};
  const meta = isObject(params['_meta']) ? params['_meta'] : {};
  const _meta = { [metaKeys.subscriptionId]: meta[metaKeys.subscriptionId] };
  const uris: unknown = asked['resourceSubscriptions'];
  return [
    ...['tools', 'resources', 'prompts']
      .filter((what) => asked[`${what}ListChanged`] === true)
      .map((what) => notificationText(`notifications/${what}/list_changed`, { _meta })),
    ...(Array.isArray(uris) ? uris : []).map((uri) =>
      notificationText('notifications/resources/updated', { uri, _meta }),
    ),
  ];
}

/** An error that names no request, given the id of the one it answers. */
export function addressed(text: string, frame: Frame): string {
  const [id] = frame.ids;
  if (id === undefined) return text;
  const message: unknown = JSON.parse(text);
  return isObject(message) && message['id'] === null ? JSON.stringify({ ...message, id }) : text;
}

/** The answer to a line that is no message. */
export function unusable(message: string): string {
  return errorText(null, { code: rpcCodes.parseError, message });
}
