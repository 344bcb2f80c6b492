import { z } from 'zod';
import type { Tx } from '../../db/index.ts';
import { isFact, type LeadSummary } from '../../leads/index.ts';
import { isKnown, validationError } from '../../lib/errors.ts';
import type { LeadId, StaffId } from '../../lib/ids.ts';
import { actorOf, demand, type Playbook } from '../../tenants/index.ts';
import { isOwnKey, leadId, leadShape, ownKey, showLead } from './lead-shape.ts';
import { theLead } from './leads-read.ts';
import { type ApiRooms, type Call, operation } from './operation.ts';
import { idOf, words } from './schemas.ts';

const newLead = z
  .strictObject({
    playbook: words(60, 1).optional().meta({
      description:
        'By its key; the standard one unless told. `GET /automation/playbooks` lists them with their fields.',
      example: 'test-drive',
    }),
    name: words(400, 1).meta({ example: 'Anna Karlsson' }),
    phone: words(60).default('').meta({ description: 'National or international.', example: '+46 70 123 45 67' }),
    email: words(254).default('').meta({ example: 'anna@example.com' }),
    language: words(10).default('').meta({ description: 'ISO 639-1; guessed from the country unless told.' }),
    fields: z
      .record(words(60, 1), words(5000))
      .default({})
      .meta({
        description: 'What the playbook asks besides, by key of the field. One that it does not ask is refused.',
        example: { car: 'BMW X5' },
      }),
    consent: z.boolean().default(false).meta({
      description: 'They agreed to the playbook’s consent text. Without it nothing is planned.',
      example: true,
    }),
    ownerId: idOf<StaffId>('somebody of yours').optional(),
    externalId: words(200, 1)
      .refine((text) => !isOwnKey(text), 'Another beginning, please: this one is ours.')
      .optional()
      .meta({ description: 'Your own id of this lead; the same one again returns the lead that it made.' }),
  })
  .meta({ description: 'An enquiry.' });

const captured = z.strictObject({ id: z.string(), personId: z.string() });

const move = z.strictObject({
  status: words(60, 1).meta({
    description: 'A stage that the pipeline allows from where the lead stands.',
    example: 'won',
  }),
  value: z.number().min(0).max(1e11).optional().meta({ description: 'What it is worth, where the stage asks for it.' }),
  reason: words(500).optional().meta({ description: 'In your words; kept encrypted beside the log.' }),
});

/** Moves a lead that does not stand there already: whoever got no answer asks again, and it is as they wanted. */
async function moveOnce(
  call: Pick<Call<unknown, unknown, unknown>, 'rooms' | 'hand'>,
  id: LeadId,
  { status, value, reason }: z.output<typeof move>,
): Promise<void> {
  const { stage, value: worth } = await theLead(call.rooms, call, id);
  if (stage === status && (value === undefined || worth === null || value === worth)) return;
  await call.rooms.desk.move(call.hand, id, status, { value, reason });
}

/** Owners are people of the business; throws a validation error for anybody else. */
async function knownOwner(rooms: ApiRooms, call: Pick<Call<unknown, unknown, unknown>, 'hand'>, id: StaffId) {
  const owner = await rooms.staff.byId(call.hand.tenantId, id);
  if (owner?.role) return;
  throw validationError([{ field: 'ownerId', message: 'Nobody with this id works here.' }]);
}

/** What a program says and nobody would find again is refused: it has another playbook, or another field, in mind. */
function refuseUnasked({ fields }: Pick<Playbook, 'fields'>, entered: Readonly<Record<string, string>>): void {
  const asked = fields.filter(isFact).map(({ key }) => key);
  const unasked = Object.keys(entered).filter((key) => !asked.includes(key));
  if (unasked.length === 0) return;
  const message = `The playbook has no such field. It asks: ${asked.join(', ')}.`;
  throw validationError(unasked.map((key) => ({ field: `fields/${key}`, message })));
}

async function capture(
  call: Pick<Call<unknown, unknown, unknown>, 'rooms' | 'hand' | 'once'>,
  lead: z.output<typeof newLead>,
): Promise<z.input<typeof captured>> {
  const { rooms, hand, once } = call;
  demand(hand, 'lead.log');
  if (lead.ownerId !== undefined) await knownOwner(rooms, call, lead.ownerId);
  const playbook = lead.playbook === undefined ? rooms.playbooks.standard : rooms.playbooks.get(lead.playbook);
  refuseUnasked(playbook, lead.fields);
  const made = rooms.capture.capture(hand.tenantId, {
    playbook: playbook.key,
    source: 'api',
    sourceKey: lead.externalId ?? ownKey(once),
    ownerId: lead.ownerId ?? null,
    actor: actorOf(hand),
    name: lead.name,
    phone: lead.phone,
    email: lead.email,
    language: lead.language,
    fields: lead.fields,
    consentGiven: lead.consent,
    known: 'merge',
    ...(lead.externalId !== undefined && { externalId: { system: 'api', id: lead.externalId } }),
  });
  const { leadId: id, personId } = await made.catch(atItsPlace);
  return { id, personId };
}

/** A problem with what the playbook asks is at its field among `fields`. */
function atItsPlace(error: unknown): never {
  if (!isKnown(error) || error.problems.length === 0) throw error;
  const own = Object.keys(newLead.shape);
  throw validationError(
    error.problems.map(({ field, message }) => ({ field: own.includes(field) ? field : `fields/${field}`, message })),
  );
}

const MAX_BULK = 100;

/** Leads to make and to move. */
export const leadWrites = [
  operation({
    id: 'createLead',
    method: 'post',
    path: '/leads',
    tag: 'leads',
    summary: 'Capture a lead',
    description:
      'Stores the enquiry with the proof of consent, plans the follow-up and sends the first message, as a lead logged in Slack does. Of somebody who is followed up already the lead that is open is told, with the newest word of each field; somebody who opted out is not written to.',
    permission: 'lead.log',
    body: newLead,
    status: 201,
    response: captured,
    run: (call) => capture(call, call.body),
  }),
  operation({
    id: 'changeManyLeads',
    method: 'post',
    path: '/leads/bulk',
    tag: 'leads',
    summary: `Capture or move up to ${MAX_BULK} leads`,
    description: 'Each by itself: one that is refused stops none of the others. Answers come in your order.',
    permission: 'lead.change',
    body: z.strictObject({
      items: z
        .array(
          z.discriminatedUnion('action', [
            z.strictObject({ action: z.literal('create'), lead: newLead }),
            z.strictObject({ action: z.literal('status'), id: idOf<LeadId>('a lead'), ...move.shape }),
          ]),
        )
        .min(1)
        .max(MAX_BULK),
    }),
    status: 200,
    response: z.strictObject({
      data: z.array(
        z.strictObject({
          ok: z.boolean(),
          id: z.string().optional().meta({ description: 'Of the lead.' }),
          code: z.string().optional(),
          detail: z.string().optional(),
        }),
      ),
    }),
    async run(call) {
      const data = [];
      for (const [index, item] of call.body.items.entries()) {
        try {
          if (item.action === 'create') {
            const { id } = await capture({ ...call, once: `${call.once}/${index}` }, item.lead);
            data.push({ ok: true, id });
          } else {
            await moveOnce(call, item.id, item);
            data.push({ ok: true, id: item.id });
          }
        } catch (error) {
          if (!isKnown(error) || error.code === 'internal' || error.code === 'misconfigured') throw error;
          data.push({ ok: false, code: error.code, detail: error.userMessage });
        }
      }
      return { data };
    },
  }),
  operation({
    id: 'moveLead',
    method: 'patch',
    path: '/leads/{id}/status',
    tag: 'leads',
    summary: 'Move a lead along its pipeline',
    description:
      'A final status ends the follow-up. 409 for a move that the playbook does not allow; `detail` says which it does.',
    permission: 'lead.change',
    params: leadId(),
    body: move,
    status: 200,
    response: leadShape,
    async run(call) {
      const { rooms, params, body } = call;
      await moveOnce(call, params.id, body);
      return showLead(await theLead(rooms, call, params.id));
    },
  }),
  operation({
    id: 'changeLead',
    method: 'patch',
    path: '/leads/{id}',
    tag: 'leads',
    summary: 'Change what is known of a lead, or whose it is',
    description:
      'What you leave out stays; a field that is null is emptied. Search, score and what is still planned follow. A number that turns out to be wrong stays on record as somebody else’s.',
    permission: 'lead.change',
    params: leadId(),
    body: z.strictObject({
      name: words(400, 1).optional(),
      phone: words(60, 1).optional(),
      email: words(254, 1).optional(),
      language: words(10, 1).optional().meta({ description: 'ISO 639-1, one of the playbook’s.' }),
      fields: z
        .record(words(60, 1), words(5000).nullable())
        .optional()
        .meta({ example: { car: 'BMW X5' } }),
      ownerId: idOf<StaffId>('somebody of yours').nullable().optional(),
    }),
    status: 200,
    response: leadShape,
    async run(call) {
      const { rooms, hand, params, body } = call;
      const { phone, ownerId, name, email, language } = body;
      const entered = Object.entries(body.fields ?? {});
      const changes = {
        fields: Object.fromEntries(entered.flatMap(([key, value]) => (value === null ? [] : [[key, value]]))),
        emptied: entered.flatMap(([key, value]) => (value === null ? [key] : [])),
        person: { name, email, language },
        ownerId,
      };
      const renumbered =
        phone === undefined ? undefined : (tx: Tx, lead: LeadSummary) => rooms.correction.within(tx, hand, lead, phone);
      await rooms.amend(hand, params.id, changes, renumbered);
      return showLead(await theLead(rooms, call, params.id));
    },
  }),
  operation({
    id: 'deleteLead',
    method: 'delete',
    path: '/leads/{id}',
    tag: 'leads',
    summary: 'Ask that the person behind a lead is forgotten',
    description:
      'Everything that is held of the person goes, on all of their leads. That takes two people: another manager or admin than the one who made your key is asked in Slack to agree.',
    permission: 'privacy.erase',
    params: leadId(),
    status: 202,
    response: z.strictObject({ erasureId: z.string() }),
    async run(call) {
      const lead = await theLead(call.rooms, call, call.params.id);
      return { erasureId: await call.rooms.erasures.ask(call.hand, lead.personId) };
    },
  }),
];
