/** Time and waiting as a parameter, so that thought is told the time and tests can hold it. */
export interface Clock {
  /** Milliseconds since 1970, for records and people. */
  nowMs(): number;
  /**
   * Milliseconds since some moment; never set, never backwards. Whatever waits, expires or is measured counts in these,
   * so that a machine whose time of day is set ends no call and forgets no session.
   */
  tickMs(): number;
  /** Calls back once after `delayMs`; the result cancels it. The process may exit while it waits. */
  after(delayMs: number, then: () => void): Cancel;
}

/** Takes back what was planned; calling it late or twice does nothing. */
export type Cancel = () => void;
