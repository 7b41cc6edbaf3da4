import { severities } from '../fleet/schema-alerts.ts';
import type { Alert } from './alert.ts';

/** The one sentence about all open alerts; those of severity info need nobody. */
export function alertsVerdict(open: readonly Alert[]): {
  readonly en: string;
  readonly ja: string;
} {
  const bad = open.filter(({ severity }) => severity !== severities[0]);
  const owners = bad.flatMap(({ acknowledged }) => acknowledged?.by ?? []);
  const free = bad.length - owners.length;
  if (bad.length === 0) {
    return open.length === 0
      ? { en: 'Nothing fires.', ja: '発生中のアラートはありません。' }
      : { en: 'Nothing that fires needs you.', ja: '対応が必要なアラートはありません。' };
  }
  const firing = {
    en: bad.length === 1 ? '1 alert is firing.' : `${bad.length} alerts are firing.`,
    ja: `${bad.length}件のアラートが発生中です。`,
  };
  const ownerless = ownersSentence(bad.length, free);
  return { en: `${firing.en} ${ownerless.en}`, ja: `${firing.ja}${ownerless.ja}` };
}

const numbers = ['Two', 'Three', 'Four', 'Five', 'Six', 'Seven', 'Eight', 'Nine'];

function ownersSentence(count: number, free: number): { readonly en: string; readonly ja: string } {
  if (free === 0) {
    const en = count === 1 ? 'It has an owner.' : 'All have an owner.';
    return { en, ja: 'すべて担当者がいます。' };
  }
  const ja = `${free}件は担当者がいません。`;
  if (free === count) {
    const en = count === 1 ? 'It has no owner.' : 'None has an owner.';
    return { en, ja: '担当者がいません。' };
  }
  if (free === 1) return { en: 'One has no owner.', ja };
  return { en: `${numbers[free - 2] ?? free} have no owner.`, ja };
}
