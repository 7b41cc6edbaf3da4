/** True for a name that `Intl` knows, such as Europe/Berlin or UTC. */
export function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    // That is how Intl says that it knows no such zone.
    return false;
  }
}
