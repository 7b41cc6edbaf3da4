import type { AlertSettings } from '../fleet/schema-alerts.ts';
import type { Alert, PendingAlert, RuleName, Silence } from './alert.ts';

/** What somebody wants to be silent. */
export interface SilenceWish {
  readonly rule?: RuleName | undefined;
  readonly subject?: string | undefined;
  readonly untilMs: number;
  readonly by: string;
  readonly note: string;
}

/** How one delivery went. */
export interface Delivery {
  readonly notifier: string;
  readonly ok: boolean;
  readonly why?: string | undefined;
}

/** Watches the fleet, keeps the open alerts, tells people. */
export interface Alerting {
  /** Settings of the fleet from now on. The first time, the watch begins. */
  setSettings(settings: AlertSettings): void;
  /** Open alerts, the worst first. */
  open(): readonly Alert[];
  /** What is over its threshold but does not fire yet; known of the newest look alone. */
  pending(): readonly PendingAlert[];
  /** Silences that have not ended. */
  silences(): readonly Silence[];
  /** Rejects with `alert_not_found`. */
  acknowledge(key: string, how: { readonly by: string; readonly note: string }): Alert;
  /** Takes back that somebody took it. Rejects with `alert_not_found`. */
  unacknowledge(key: string, by: string): Alert;
  silence(wish: SilenceWish): Silence;
  /** Rejects with `silence_not_found`. */
  unsilence(id: string): void;
  /** Sends a test message, once and at once. Rejects with `notifier_not_found`. */
  test(notifier: string | undefined): Promise<readonly Delivery[]>;
  /** Looks now; resolves when what it found is decided and recorded. */
  look(): Promise<void>;
  stop(): void;
}
