import { connect } from 'node:tls';
import { readSetting, type Vault } from '../../vault/index.ts';
import { COLLECTOR_SETTING, collectorSchema } from './collector.ts';

/** How a connection to the collector went; `code` is Node's or OpenSSL's where it did not come about. */
export type CollectorTrial = { readonly reached: true } | { readonly reached: false; readonly code: string };

/**
 * Connects to the collector that the site has named as streaming does, and sends nothing. Null when none is named.
 * @param withinMs longer than this, and it counts as away (`ETIMEDOUT`).
 */
export async function tryCollector(vault: Vault, withinMs: number): Promise<CollectorTrial | null> {
  const collector = readSetting(vault, COLLECTOR_SETTING, collectorSchema.nullable());
  if (collector === null) return null;
  const { host, port, ca, identity } = collector;
  const own = identity === undefined ? {} : { cert: identity.certificate, key: identity.key };
  return await new Promise((resolve) => {
    const socket = connect({ host, port, ca: [ca], minVersion: 'TLSv1.2', ...own });
    const timer = setTimeout(() => done({ reached: false, code: 'ETIMEDOUT' }), withinMs);
    const done = (trial: CollectorTrial) => {
      clearTimeout(timer);
      socket.destroy();
      resolve(trial);
    };
    socket.once('secureConnect', () => done({ reached: true }));
    socket.on('error', (error) =>
      done({ reached: false, code: 'code' in error ? String(error.code) : 'TLS' }),
    );
  });
}
