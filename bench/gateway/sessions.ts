import { Pool } from 'undici';

/** Sessions that are being opened at once. */
const atOnce = 16;

/** Opens sessions whose clients never say goodbye. */
export async function openSessions(url: string, count: number): Promise<void> {
  const { origin, pathname: path } = new URL(url);
  const pool = new Pool(origin, { connections: atOnce });
  const clientInfo = { name: 'bench', version: '1.0.0' };
  const params = { protocolVersion: '2025-11-25', capabilities: {}, clientInfo };
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'initialize', params });
  const accept = 'application/json, text/event-stream';
  const headers = { 'content-type': 'application/json', accept };
  let left = count;
  const one = async (): Promise<void> => {
    while (left > 0) {
      left -= 1;
      const response = await pool.request({ path, method: 'POST', headers, body });
      await response.body.text();
      if (response.statusCode !== 200) throw new Error(`A session got ${response.statusCode}`);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, one));
  await pool.close();
}
