import { objectsOf } from '../blocks/json.ts';
import { store } from '../state/server.ts';
import { go, openThread, type Pane, setUi, uiNow } from '../state/ui.ts';
import { type Sight, STEPS } from './steps.ts';

/** Brings into view what a step is about: the right person, place, phone and pane. */
export function showStep(sight: Sight, step: number, pane: Pane): void {
  const { me, channel, lead } = sight;
  const key = STEPS[step]?.key;
  if (uiNow().person !== me.id) setUi({ person: me.id });
  if (lead?.number && (uiNow().lead !== lead.id || uiNow().number !== lead.number))
    setUi({ number: lead.number, lead: lead.id });
  if (key === 'log') go(me.id, { at: 'channel', channel });
  if (key === 'answer' || key === 'why') showCard(me.id, lead?.id ?? '', key === 'answer');
  setUi({ pane });
}

/** The newest message with a button for the lead; its thread beside it if it has, or is to have, one. */
function showCard(person: string, lead: string, withThread: boolean): void {
  const card = store
    .all('message')
    .findLast(({ value }) =>
      value.blocks.some((block) => objectsOf(block.elements).some((element) => element.value === lead)),
    )?.value;
  if (!card) return;
  go(person, { at: 'channel', channel: card.channel });
  if (withThread) openThread(person, card.channel, card.threadTs ?? card.ts);
}
