import { phoneIn, rehearse, rehearseSequences, type Script, type Stage, survey } from '../../messaging/index.ts';
import { candidateZones } from '../../people/index.ts';
import { type Playbook, type Settings, type Tenant, tenantPlaybooks } from '../../tenants/index.ts';
import type { Action, Answer, Asked, Feature } from '../feature.ts';
import { timesFor } from '../format.ts';
import { section } from '../views.ts';
import type { RescueDeps } from './deps.ts';
import { rehearsalAnswer } from './rehearse-blocks.ts';
import { differenceLines } from './rehearse-difference.ts';
import { inWords, readWords, type Standing, type Wanted } from './rehearse-words.ts';

/** `/rescue rehearse`: what a follow-up of this business would send, with its own settings, senders and templates. */
export function rehearseFeature(deps: RescueDeps): Feature {
  const again: Action = {
    permission: 'templates.see',
    run: async (asked, words) => asked.whisper({ ...(await rehearsed(deps, asked, words)), replace: true }),
  };
  return {
    commands: [
      {
        name: '/rescue rehearse',
        summary: 'What a follow-up would send, when and in which words. Nothing is sent.',
        usage: '[sv] [2026-10-23T17:50] [reply-on 5]',
        permission: 'templates.see',
        run: (asked, text) => rehearsed(deps, asked, text),
      },
    ],
    actions: { rehearse_language: again, rehearse_ending: again },
  };
}

/** A rehearsal of what was asked for, by these settings. */
async function play(deps: RescueDeps, { tenant, staff }: Asked, settings: Settings, text: string) {
  const now = deps.clock.now();
  const routing = await deps.routing.of(tenant.id);
  const playbooks = tenantPlaybooks(deps.playbooks, settings);
  const standing = { playbooks, zone: homeOf(tenant), language: tenant.language, now };
  const wanted = readWords(text, standing);
  const { playbook, zone, language, start, ending } = wanted;
  const stage: Stage = {
    playbook,
    tenant: asLive(tenant),
    settings,
    routing,
    salesperson: staff.name,
    publicUrl: deps.publicUrl,
  };
  const script: Script = { zone, language, start, ...(ending && { ending }) };
  const rehearsal = await rehearse(stage, script);
  const shown = {
    stage,
    rehearsal,
    sequences: await rehearseSequences(stage, script),
    survey: await survey({ stage, script, rehearsal }, [zone], () => stage),
    times: timesFor({ zone: rehearsal.customer.zone, country: tenant.country, now }),
  };
  return { shown, wanted, standing };
}

async function rehearsed(deps: RescueDeps, asked: Asked, text: string): Promise<Answer> {
  const settings = await deps.tenants.settings(asked.tenant.id);
  const { shown, wanted, standing } = await play(deps, asked, settings, text);
  return rehearsalAnswer({
    ...shown,
    languages: wanted.playbook.languages
      .filter((each) => each !== shown.rehearsal.customer.language)
      .map((each) => ({ language: each, words: inWords({ ...wanted, language: each }, standing) })),
    other: otherEnding(wanted, standing),
  });
}

/** What a lead of today would get with other settings than now: what is different first, then all of it. */
export async function rehearseChange(
  deps: RescueDeps,
  asked: Asked,
  settings: Settings,
  text: string,
): Promise<Answer> {
  const now = await play(deps, asked, await deps.tenants.settings(asked.tenant.id), text);
  const then = await play(deps, asked, settings, text);
  const { text: words, blocks = [] } = rehearsalAnswer({ ...then.shown, languages: [], other: null });
  const different = differenceLines(now.shown, then.shown);
  const head = `*If the change is approved, for a lead logged now*\n${different.join('\n')}`;
  return { text: `${head}\n${words}`, blocks: [section(head), { type: 'divider' }, ...blocks].slice(0, 50) };
}

/** The tenant's zone; where no number tells it (`UTC`), the one most people of its country live in. */
function homeOf({ zone, country }: Tenant): string {
  return phoneIn(zone) === undefined ? (candidateZones({ country }).zones[0] ?? zone) : zone;
}

/** A rehearsal shows what would leave once the business is live. */
const asLive = (tenant: Tenant): Tenant => ({ ...tenant, waitsFor: null });

/** How many problems a follow-up of this business would have, by playbook; the ones that have none are left out. */
export async function troubledPlaybooks(
  deps: RescueDeps,
  { tenant, staff }: Asked,
): Promise<{ name: string; problems: number }[]> {
  const [settings, routing] = await Promise.all([deps.tenants.settings(tenant.id), deps.routing.of(tenant.id)]);
  const script: Script = { zone: homeOf(tenant), language: tenant.language, start: deps.clock.now() };
  const troubled = [];
  for (const playbook of deps.playbooks.all) {
    const live = asLive(tenant);
    const stage: Stage = {
      playbook,
      tenant: live,
      settings,
      routing,
      salesperson: staff.name,
      publicUrl: deps.publicUrl,
    };
    const { findings } = await survey({ stage, script, rehearsal: await rehearse(stage, script) }, [], () => stage);
    if (findings.length > 0) troubled.push({ name: playbook.name, problems: findings.length });
  }
  return troubled;
}

function otherEnding(wanted: Wanted, standing: Standing): { label: string; words: string } {
  if (wanted.ending) {
    const label = wanted.ending.kind === 'reply' ? 'Without the reply' : 'Without the opt-out';
    return { label, words: inWords({ ...wanted, ending: null }, standing) };
  }
  const day = middleOf(wanted.playbook);
  return {
    label: `With a reply on day ${day}`,
    words: inWords({ ...wanted, ending: { kind: 'reply', day } }, standing),
  };
}

/** A day between two steps in the middle of a cadence. */
function middleOf({ cadence }: Playbook): number {
  const days = cadence.steps.filter(({ after }) => after === undefined).map(({ day }) => day);
  const half = Math.floor(days.length / 2);
  return Math.ceil(((days[half - 1] ?? 0) + (days[half] ?? 0)) / 2);
}
