import type { EffectHandler } from '../../events/index.ts';
import { KnownError } from '../../lib/errors.ts';
import type { Action, Answer, Asked, Command, Feature } from '../feature.ts';
import { usableChannel } from '../rescue/places.ts';
import { changedAnswer, changeNow } from '../settings/direct.ts';
import type { AuditDeps } from './deps.ts';
import { auditPage } from './page.ts';
import { USAGE } from './question.ts';
import { createWitness } from './witness.ts';

export interface AuditFeature {
  feature: Feature;
  handlers: Record<'audit.witness', EffectHandler>;
}

/** The audit log in Slack: who did what, in which sealed batch, and its head every morning. */
export function createAuditFeature(deps: AuditDeps): AuditFeature {
  const turn: Action = {
    permission: 'audit.see',
    run: async (asked, question) => asked.whisper({ ...(await auditPage(deps, asked, question)), replace: true }),
  };
  const commands: Command[] = [
    {
      name: '/rescue audit',
      summary: 'What happened, when, and who did it, from the log that nobody can change.',
      usage: USAGE,
      permission: 'audit.see',
      run: (asked, text) => auditPage(deps, asked, text),
    },
    {
      name: '/rescue audit channel',
      summary: 'Run it in a channel: the head of the log is shown there every morning. off: to an admin again.',
      usage: '[off]',
      permission: 'settings.change',
      run: (asked, text) => changeChannel(deps, asked, text.toLowerCase()),
    },
  ];
  return {
    feature: { commands, actions: { audit_older: turn, audit_newer: turn, audit_show: turn } },
    handlers: { 'audit.witness': createWitness(deps) },
  };
}

async function changeChannel(deps: AuditDeps, asked: Asked, text: string): Promise<Answer> {
  if (text !== '' && text !== 'off') {
    const message = 'Run /rescue audit channel in the channel that you want to use, or /rescue audit channel off.';
    throw new KnownError('validation_error', 'audit channel takes no words', message);
  }
  const auditChannel = text === 'off' ? null : await usableChannel(asked);
  const outcome = await changeNow(deps, asked, { auditChannel });
  const words =
    auditChannel === null
      ? "The head of the audit log goes to an admin's direct messages again."
      : 'The head of the audit log is shown in this channel every morning after 08:00 when something has happened. Whoever is here can check the log against it.';
  return changedAnswer(deps.playbooks, outcome, words);
}
