import type { AskedOf } from 'ringmaster/operations';
import { sayWhy } from 'ringmaster/say-why';
import { reasonOf } from '../client/reason.ts';
import { attempt } from '../client/toasts.ts';
import { when } from '../format.ts';
import type { PageNeeds } from '../page-needs.ts';

type ActNeeds = Pick<PageNeeds, 'client' | 'say' | 'toasts' | 'settings'>;

/** Takes an alert, or gives it back; each undoes the other. */
export async function takeAlert(needs: ActNeeds, key: string, isTaken: boolean): Promise<void> {
  const { client, say, toasts } = needs;
  const by = nameOf(needs);
  await attempt(toasts, {
    work: () =>
      isTaken
        ? client.ask('alert.acknowledge', { key, by })
        : client.ask('alert.unacknowledge', { key, by }),
    done: say(isTaken ? 'did.take' : 'did.giveBack', { key }),
    failed: (reason) => say('didNot.alert', { key, reason }),
    undo: () => void takeAlert(needs, key, !isTaken),
  });
}

/** Tells nobody of some alerts for a while; undone by ending the silence. False when it failed. */
export function silenceAlerts(
  needs: ActNeeds,
  wish: Omit<AskedOf<'alert.silence'>, 'by'> & { readonly forMs: number },
): Promise<boolean> {
  const { client, say, toasts } = needs;
  const nowMs = Date.now();
  let made: string | undefined;
  return attempt(toasts, {
    async work() {
      made = (await client.ask('alert.silence', { ...wish, by: nameOf(needs) })).id;
    },
    done: say('did.silence', {
      subject: wish.subject ?? say('silence.everything'),
      time: when(nowMs + wish.forMs, nowMs, say.language),
    }),
    failed: (reason) => say('didNot.silence', { reason }),
    undo: () => made !== undefined && void endSilence(needs, made),
  });
}

/** Ends a silence before its time. */
export async function endSilence({ client, say, toasts }: ActNeeds, id: string): Promise<void> {
  await attempt(toasts, {
    work: () => client.ask('alert.unsilence', { id }),
    done: say('did.unsilence'),
    failed: (reason) => say('didNot.silence', { reason }),
  });
}

/** Sends a test message to one notifier, or to all, and tells what became of each. */
export async function testNotifier(needs: ActNeeds, notifier?: string): Promise<void> {
  const { client, say, toasts } = needs;
  try {
    const asked = notifier === undefined ? {} : { notifier };
    const { deliveries } = await client.ask('alert.test', asked);
    if (deliveries.length === 0) toasts.tell({ kind: 'failed', text: say('test.nobody') });
    for (const { notifier: name, ok, why = '' } of deliveries) {
      toasts.tell(
        ok
          ? { kind: 'done', text: say('test.arrived', { name }) }
          : { kind: 'failed', text: say('test.lost', { name, why: sayWhy(why, say.language) }) },
      );
    }
  } catch (error) {
    const why = reasonOf(error);
    toasts.tell({ kind: 'failed', text: say('test.lost', { name: notifier ?? '', why }) });
  }
}

/** Who the daemon is told it was. */
function nameOf({ settings, say }: ActNeeds): string {
  return settings.name() || say('alerts.dashboard');
}
