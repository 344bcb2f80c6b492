import type { Args } from './args.ts';
import type { Desk } from './desk.ts';
import { Refusal } from './refusal.ts';
import type { AnyView, JsonObject, OpenView } from './types.ts';
import { checkView } from './validate.ts';
import type { HomeView, ModalView } from './view-schema.ts';
import { viewToWire } from './views.ts';

const VIEW_MAX_BYTES = 250_000;

/** @throws Refusal `view_too_large` or `invalid_arguments` with what is wrong where */
function checkedView(sent: unknown): AnyView {
  if (Buffer.byteLength(JSON.stringify(sent ?? null)) > VIEW_MAX_BYTES) throw new Refusal('view_too_large');
  const checked = checkView(sent);
  if (!checked.ok) throw new Refusal('invalid_arguments', checked.messages);
  return checked.value;
}

/** @throws Refusal as `checkedView`, and for a home where a modal is wanted */
export function checkedModal(sent: unknown): ModalView {
  const view = checkedView(sent);
  if (view.type !== 'modal')
    throw new Refusal('invalid_arguments', ['[ERROR] must be modal [json-pointer:/view/type]']);
  return view;
}

function checkedHome(sent: unknown): HomeView {
  const view = checkedView(sent);
  if (view.type !== 'home') throw new Refusal('invalid_arguments', ['[ERROR] must be home [json-pointer:/view/type]']);
  return view;
}

/** @throws Refusal `duplicate_external_id` */
export function claimExternalId(view: AnyView, desk: Desk, except?: OpenView): void {
  if (view.external_id && desk.views.hasExternalId(view.external_id, except)) {
    throw new Refusal('duplicate_external_id');
  }
}

function exchanged(args: Args, desk: Desk) {
  const triggerId = args.need('trigger_id');
  const trigger = desk.tickets.exchange(triggerId);
  if (typeof trigger === 'string') throw new Refusal(trigger);
  return { ...trigger, triggerId };
}

function pushed(userId: string, view: ModalView, triggerId: string, desk: Desk): JsonObject {
  const open = desk.views.push(userId, view, triggerId);
  if (open === undefined) throw new Refusal('push_limit_reached');
  return { view: viewToWire(open.view) };
}

function open(args: Args, desk: Desk): JsonObject {
  const view = checkedModal(args.structure('view', 'invalid_arguments'));
  claimExternalId(view, desk);
  const { userId, fromModal, triggerId } = exchanged(args, desk);
  if (fromModal && desk.views.stack(userId).length > 0) return pushed(userId, view, triggerId, desk);
  return { view: viewToWire(desk.views.open(userId, view, triggerId).view) };
}

function push(args: Args, desk: Desk): JsonObject {
  const view = checkedModal(args.structure('view', 'invalid_arguments'));
  claimExternalId(view, desk);
  const { userId, triggerId } = exchanged(args, desk);
  if (desk.views.stack(userId).length === 0) throw new Refusal('not_found');
  return pushed(userId, view, triggerId, desk);
}

function update(args: Args, desk: Desk): JsonObject {
  const sent = args.structure('view', 'invalid_arguments');
  const known = desk.views.find(args.text('view_id') ?? args.need('external_id'));
  if (known === undefined) throw new Refusal('not_found');
  const view = known.view.type === 'home' ? checkedHome(sent) : checkedModal(sent);
  claimExternalId(view, desk, known);
  refuseStale(args, known);
  return { view: viewToWire(desk.views.update(known, view, known.triggerId).view) };
}

function publish(args: Args, desk: Desk): JsonObject {
  const userId = args.need('user_id');
  if (!desk.workspace.users.has(userId)) throw new Refusal('user_not_found');
  const view = checkedHome(args.structure('view', 'invalid_arguments'));
  const known = desk.views.home(userId);
  claimExternalId(view, desk, known);
  if (known !== undefined) refuseStale(args, known);
  return { view: viewToWire(desk.views.publish(userId, view).view) };
}

/** A `hash` lets an app change only what it has seen. @throws Refusal `hash_conflict` */
function refuseStale(args: Args, known: OpenView): void {
  const hash = args.text('hash');
  if (hash !== undefined && hash !== known.view.hash) throw new Refusal('hash_conflict');
}

export const viewMethods = {
  'views.open': open,
  'views.publish': publish,
  'views.push': push,
  'views.update': update,
};
