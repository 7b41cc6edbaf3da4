import type { AlertSettings, Levels, Severity } from '../fleet/schema-alerts.ts';
import { type RuleName, ruleNames } from './alert.ts';
import { type AlertLanguage, ruleWords } from './sentences.ts';

/** A rule as everybody outside sees it. */
export interface RuleRow {
  rule: RuleName;
  /** The one server it holds for, where a server has its own thresholds. */
  subject?: string;
  sentence: Record<AlertLanguage, string>;
  levels?: Partial<Record<Severity, number>>;
  isOn: boolean;
}

/** What is watched: every rule, then the thresholds of single servers. */
export function listRules(settings: AlertSettings): RuleRow[] {
  const all = ruleNames.map((rule) => rowOf(rule, levelsOf(settings, rule)));
  const own = Object.entries(settings.servers).flatMap(([subject, thresholds]) =>
    ruleNames.flatMap((rule) => {
      const levels = Reflect.get(thresholds, rule) as Levels | undefined;
      return levels === undefined ? [] : [{ ...rowOf(rule, levels), subject }];
    }),
  );
  return [...all, ...own];
}

function rowOf(rule: RuleName, levels: Levels | undefined): RuleRow {
  const row = { rule, sentence: { ...ruleWords[rule] }, isOn: levels !== false };
  if (levels === undefined || levels === false) return row;
  const given = Object.entries(levels).filter(([, value]) => value !== undefined);
  return { ...row, levels: Object.fromEntries(given) };
}

/** Of rules that count, how often is enough; of the others what the setting of their name says. */
function levelsOf(settings: AlertSettings, rule: RuleName): Levels | undefined {
  const { missingSamples, flapping } = settings;
  if (rule === 'noSamples') return missingSamples === false ? false : { warning: missingSamples };
  if (rule === 'flapping') return { high: flapping.times };
  return Reflect.get(settings, rule) as Levels | undefined;
}
