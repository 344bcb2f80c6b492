import { KnownError } from '../../lib/errors.ts';
import { isId, type PersonId } from '../../lib/ids.ts';
import { inline, mention } from '../card/index.ts';
import type { Action, Asked, Modal } from '../feature.ts';
import { modal } from '../lead/modals.ts';
import { section } from '../views.ts';
import type { PrivacyDeps } from './deps.ts';
import { STAYS, surveyLines } from './erase-words.ts';
import type { Page } from './page.ts';

/** What would go, and whom it asks; nothing happens until somebody else has agreed. */
export async function erasePage({ erasures }: PrivacyDeps, { staff }: Asked, personId: PersonId): Promise<Page> {
  const survey = await erasures.survey(staff, personId);
  const approvers = await erasures.approvers(staff);
  const names = approvers.slice(0, 5).map((each) => mention(each.slackUserId));
  const asks =
    names.length > 0
      ? `Somebody else has to agree: ${names.join(', ')} ${names.length === 1 ? 'is' : 'are'} asked.`
      : 'Somebody else has to agree, and there is no other manager or admin. Make one with `/rescue people` first.';
  const who = inline(survey.name);
  const blocks = [
    section(`*Forget ${who.replaceAll('*', '∗')} for good?* It cannot be undone.\n${surveyLines(survey).join('\n')}`),
    section(STAYS),
    section(asks),
  ];
  return {
    title: 'Erase a person',
    text: `Forget ${who} for good?`,
    blocks,
    ...(names.length > 0 && { submit: { id: 'privacy_erase', label: 'Ask to erase', metadata: personId } }),
  };
}

export function erasureModals({ erasures }: PrivacyDeps): Record<string, Modal> {
  return {
    privacy_erase: {
      permission: 'privacy.erase',
      async submit(asked, _values, metadata) {
        if (!isId(metadata)) throw gone();
        await erasures.ask(asked.staff, metadata as PersonId);
        const words = 'Asked. Nothing is deleted before a colleague has agreed; you hear of it either way.';
        return {
          kind: 'update',
          view: modal({ id: 'privacy_page', title: 'Erase a person', blocks: [section(words)] }),
        };
      },
    },
  };
}

export function erasureActions({ erasures }: PrivacyDeps): Record<string, Action> {
  const decide = (decision: 'approved' | 'refused', said: string): Action => ({
    permission: 'privacy.erase',
    async run(asked, value) {
      if (!isId(value)) throw gone();
      await erasures.decide(asked.staff, value, decision);
      await asked.whisper({ text: said });
    },
  });
  return {
    erasure_approve: decide('approved', 'Agreed. The person is being erased; whoever asked hears when it is done.'),
    erasure_refuse: decide('refused', 'Refused: nothing is deleted. Whoever asked hears of it.'),
  };
}

const gone = () => new KnownError('not_found', 'no such erasure', 'That is not there any more.');
