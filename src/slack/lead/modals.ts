import { z } from 'zod';
import { KnownError } from '../../lib/errors.ts';
import { isId, type LeadId, type MessageId } from '../../lib/ids.ts';
import type { ActionPlace, Asked } from '../feature.ts';
import { type ModalView, plain } from '../views.ts';

const opened = z.object({ view: z.object({ id: z.string() }) });

/** A modal that only shows something, or asks when `submit` is given. Slack takes at most 100 blocks. */
export function modal(view: {
  id: string;
  title: string;
  blocks: object[];
  submit?: string;
  close?: string;
  metadata?: string;
}): ModalView {
  return {
    type: 'modal',
    callback_id: view.id,
    title: plain(view.title, 24),
    close: plain(view.close ?? 'Close', 24),
    ...(view.submit !== undefined && { submit: plain(view.submit, 24) }),
    ...(view.metadata !== undefined && { private_metadata: view.metadata }),
    blocks: view.blocks.slice(0, 100),
  };
}

/** Opens a modal, on top of the one that the button was in, if it was in one. Returns its id. */
export async function show(asked: Asked, place: Pick<ActionPlace, 'viewId'> | null, view: ModalView): Promise<string> {
  if (asked.triggerId === null) {
    throw new KnownError('unavailable', 'no trigger', 'Slack does not let a window open here. Use the button again.');
  }
  const method = place === null || place.viewId === null ? 'views.open' : 'views.push';
  const answer = await asked.slack.call(method, { trigger_id: asked.triggerId, view }, opened);
  return answer.view.id;
}

/** Shows something else in a modal that is open. */
export async function change(asked: Asked, viewId: string, view: ModalView): Promise<void> {
  await asked.slack.call('views.update', { view_id: viewId, view }, z.unknown());
}

/** The lead a button belongs to. */
export function leadIdOf(value: string): LeadId {
  if (isId(value)) return value as LeadId;
  throw new KnownError('not_found', 'a button without a lead', 'That lead does not exist (any more).');
}

/** The message a button belongs to. */
export function messageIdOf(value: string): MessageId {
  if (isId(value)) return value as MessageId;
  throw new KnownError('not_found', 'a button without a message', 'That message does not exist (any more).');
}
