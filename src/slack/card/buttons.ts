import { capital, firstName, plural } from '../format.ts';
import { clip } from '../text.ts';
import { button } from './kit.ts';
import { manualMoves, outcomesFrom } from './moves.ts';
import { type CardView, isOpen, stepsOf } from './view.ts';

/** Stages that have a button of their own; which moves are allowed is the playbook's. */
const MOVES = {
  won: { action: 'lead_won', label: 'Won', says: 'The lead counts as won.' },
  lost: { action: 'lead_lost', label: 'Lost', says: 'The lead counts as lost.' },
  closed: { action: 'lead_close', label: 'Close', says: 'The lead is closed without a result.' },
} as const;

/** The buttons that make sense where the lead stands. Who may press them is checked when they are pressed. Pure. */
export function leadButtons(view: CardView): object[] {
  const { lead, playbook } = view;
  const who = spoken(lead.name);
  const planned = stepsOf(view).filter(isOpen).length;
  const running = lead.state === 'active' || lead.state === 'paused';
  const ends = running && planned > 0;
  const owed = view.talk.owedSince !== null;

  const buttons: object[] = [];
  // somebody who has no role any more looks after nothing
  if (!view.owner) buttons.push(takeLeadButton(lead.id));
  if (view.wrongNumber) buttons.push(correctButton(lead.id));
  if (!lead.optedOutAt) {
    if (!view.wrongNumber) buttons.push(button('lead_reply', 'Reply', lead.id, owed ? { style: 'primary' } : {}));
    buttons.push(...talkButtons(view));
    if (!view.wrongNumber && (view.appointment || lead.state === 'replied')) {
      buttons.push(button('booking_open', view.appointment ? 'Move appointment' : 'Book', lead.id));
    }
    if (lead.state === 'active' && planned > 0) buttons.push(button('lead_pause', 'Pause', lead.id));
    if (lead.state === 'paused') buttons.push(button('lead_resume', 'Resume', lead.id));
  }
  for (const stage of outcomesFrom(playbook, lead.stage)) {
    if (!stage.outcome) continue;
    const { action, label, says } = MOVES[stage.outcome];
    const confirm = {
      title: `${label}: ${who}?`,
      text: `${says} The follow-up ends: ${cancelledWords(planned)}.`,
      yes: label,
    };
    // a window that asks says itself what will happen
    buttons.push(button(action, label, lead.id, ends && !stage.asks?.length ? { confirm } : {}));
  }
  if (view.photo.startsWith('stored:')) buttons.push(button('licence_view', 'Licence', lead.id));
  if (manualMoves(playbook, lead.stage).length > 0) buttons.push(button('lead_move', 'Move …', lead.id));
  if (view.mayGive) buttons.push(button('lead_give', 'Give to …', lead.id));
  buttons.push(button('lead_edit', 'Edit', lead.id), button('lead_why', 'Why?', lead.id));
  if (!lead.optedOutAt) buttons.push(stopButton(lead, ends ? planned : 0));
  return buttons;
}

/** Who answers, and whether anybody has to. */
function talkButtons({ lead, talk, owner }: CardView): object[] {
  const owed = talk.owedSince !== null;
  const byOther = talk.takenBy !== null && talk.takenBy.slackUserId !== owner?.slackUserId;
  return [
    ...(talk.takenBy === null && (owed || talk.agent !== 'off') ? [takeButton(lead.id)] : []),
    ...(talk.takenBy !== null && (talk.agent !== 'off' || byOther) ? [handBackButton(lead.id)] : []),
    ...(owed ? [settleButton(lead.id)] : []),
  ];
}

/** Anybody of the staff may look after a lead that nobody looks after. */
export const takeLeadButton = (leadId: string) => button('lead_take', 'I take it', leadId, { style: 'primary' });
export const takeButton = (leadId: string) => button('talk_take', 'Take over', leadId);
export const handBackButton = (leadId: string) => button('talk_hand_back', 'Hand back', leadId);
export const settleButton = (leadId: string) => button('talk_settle', 'No answer needed', leadId);
export const correctButton = (leadId: string) =>
  button('number_correct', 'Correct the number', leadId, { style: 'primary' });

/** For the customer who said it to somebody's face: as final as their own STOP, so Slack asks first. */
export function stopButton(lead: { id: string; name: string }, planned: number): object {
  const who = spoken(lead.name);
  const what = planned > 0 ? `${capital(cancelledWords(planned))}, and nothing` : 'Nothing';
  return button('lead_stop', 'Stop', lead.id, {
    style: 'danger',
    confirm: {
      title: `Stop for good: ${who}?`,
      text: `For when ${who} told you not to write any more. ${what} goes out on any channel. Only they can undo it, by writing START.`,
      yes: 'Stop for good',
    },
  });
}

/** A first name for a dialog, whose plain text knows no escapes. */
const spoken = (name: string) => clip(firstName(name).replace(/[<>]/g, ''), 60);

const cancelledWords = (planned: number) =>
  `${plural(planned, 'planned message is', 'planned messages are')} cancelled`;
