/** What a person's browser does: opens the page of the authorization server and goes where that sends it. */
export async function browse(
  url: string,
  language = 'en',
): Promise<{ readonly status: number; readonly text: string; readonly address: string }> {
  const consent = await fetch(url, { redirect: 'manual' });
  const address = consent.headers.get('location');
  if (address === null) throw new Error(`No way back: ${consent.status} ${await consent.text()}`);
  const page = await fetch(address, { headers: { 'accept-language': language } });
  return { status: page.status, text: await page.text(), address };
}
