import { isDeepStrictEqual } from 'node:util';
import { planProblems, problemsOf } from './check.ts';
import { answersOf } from './customer.ts';
import { rehearse } from './run.ts';
import { tellingStarts } from './times.ts';
import type { Problem, Rehearsal, Script, Stage } from './types.ts';
import { UNREGISTERED } from './words.ts';

/** A problem, with another plan that has it where the one that is shown has not, and how many plans have it. */
export interface Finding extends Problem {
  example: { start: Date; zone: string; language: string } | null;
  plans: number;
}

export interface Survey {
  findings: readonly Finding[];
  /** Zones, besides the one that is shown, where the law leaves no way to a number alone: no fault of the playbook's. */
  unreached: readonly string[];
  /** Follow-ups played. */
  plans: number;
  languages: readonly string[];
  zones: readonly string[];
}

/** Zones that find most mistakes: Sunday hours, half hours, clocks that turn the other way or never, no Sundays at all. */
export const TELLING_ZONES = [
  'Europe/Stockholm',
  'Europe/London',
  'America/New_York',
  'America/Los_Angeles',
  'America/Phoenix',
  'Asia/Kolkata',
  'Australia/Sydney',
  'Pacific/Auckland',
] as const;

/** A script to be played and the stage it is played on. */
interface Scene {
  stage: Stage;
  script: Script;
}

/**
 * Looks for problems: in the playbook as such, in the rehearsal that is shown, and in every language of the playbook, in
 * each of `zones` from telling start times on: what follows a lead's arrival, and what follows each stage, for each answer
 * that steps ask for. The same problem is told once.
 */
export async function survey(
  shown: Scene & { rehearsal: Rehearsal },
  zones: readonly string[],
  stageOf: (zone: string, language: string) => Stage,
): Promise<Survey> {
  const findings = new Map<string, Finding>();
  const note = (problem: Problem, rehearsal: Rehearsal | null) => {
    const key = [problem.rule, problem.step, problem.language, problem.where, problem.message].join('\n');
    const known = findings.get(key);
    const example = rehearsal && {
      start: rehearsal.start,
      zone: rehearsal.customer.zone,
      language: rehearsal.customer.language,
    };
    findings.set(key, known ? { ...known, plans: known.plans + 1 } : { ...problem, example, plans: 1 });
  };

  const unreached = new Set<string>();

  for (const problem of planProblems(shown.stage)) note(problem, null);
  for (const problem of problemsOf(shown.stage, shown.rehearsal)) note(problem, null);
  let plans = 1;
  const { playbook } = shown.stage;
  const { languages } = playbook;
  const leads = [...new Set(playbook.cadence.steps.map(({ after }) => after))].flatMap((after) =>
    answersOf(playbook, after).map((answers) => ({ answers, ...(after !== undefined && { after }) })),
  );
  const answered = shown.script.answers ?? answersOf(playbook, shown.script.after)[0];
  for (const lead of leads) {
    if (lead.after === shown.script.after && isDeepStrictEqual(lead.answers, answered)) continue;
    const { ending: _, ...script } = { ...shown.script, ...lead };
    const rehearsal = await rehearse(shown.stage, script);
    for (const problem of problemsOf(shown.stage, rehearsal)) note(problem, rehearsal);
    plans++;
  }
  for (const zone of zones) {
    for (const start of tellingStarts(shown.script.start, zone)) {
      for (const language of languages) {
        const stage = stageOf(zone, language);
        for (const lead of leads) {
          const rehearsal = await rehearse(stage, { zone, language, start, ...lead });
          for (const problem of problemsOf(stage, rehearsal)) {
            if (problem.reason === UNREGISTERED && zone !== shown.script.zone) unreached.add(zone);
            else note(problem, rehearsal);
          }
          plans++;
        }
      }
    }
  }
  return { findings: [...findings.values()], unreached: [...unreached], plans, languages, zones };
}
