import { z } from 'zod';
import type { LeadId } from '../../lib/ids.ts';
import { asksAmount, type Playbook, tenantPlaybook } from '../../tenants/index.ts';
import { leadId, leadShape, showLead } from './lead-shape.ts';
import { theLead } from './leads-read.ts';
import { type ApiRooms, type Call, operation } from './operation.ts';
import { empty, idOf, words } from './schemas.ts';

const playbookKey = () => z.strictObject({ playbook: words(60, 1).meta({ example: 'test-drive' }) });

const playbookShape = z.strictObject({
  key: z.string(),
  name: z.string(),
  languages: z.array(z.string()),
  consentRequired: z.boolean(),
  fields: z.array(
    z.strictObject({
      key: z.string(),
      type: z.string(),
      label: z.string(),
      required: z.boolean(),
      max: z.int().nullable(),
    }),
  ),
  statuses: z.array(
    z.strictObject({
      key: z.string(),
      label: z.string(),
      moves: z.array(z.string()).meta({ description: 'Where a lead may go from here.' }),
      final: z.boolean().meta({ description: 'It ends the follow-up.' }),
    }),
  ),
});

const sequenceShape = z.strictObject({
  playbook: z.string(),
  key: z.string(),
  channels: z.array(z.string()).meta({ description: 'In the order in which they are tried.' }),
  steps: z.array(
    z.strictObject({
      key: z.string(),
      day: z.int().meta({ description: 'Days after the arrival of the lead, or after it came to the status `after`.' }),
      at: z.string().nullable().meta({ description: 'Local time of the customer; null at once.' }),
      template: z.string(),
      variants: z.record(z.string(), z.int()).nullable().meta({
        description: 'Other texts that are tried against this one, with the share of people in percent.',
      }),
      channel: z.string().nullable(),
      after: z
        .string()
        .nullable()
        .meta({ description: 'Status whose entry it follows; null: the arrival of the lead.' }),
      bands: z.array(z.string()).nullable().meta({ description: 'Score bands it is for; null: all.' }),
      when: z
        .record(
          z.string(),
          z.union([
            z.array(z.string()),
            z.strictObject({ atLeast: z.number().optional(), atMost: z.number().optional() }),
          ]),
        )
        .nullable()
        .meta({ description: 'Answers it is for, by field: one of some values, or an amount; null: all leads.' }),
    }),
  ),
});

/** Playbooks as this business has changed them. */
async function own({ rooms, hand }: Pick<Call<unknown, unknown, unknown>, 'rooms' | 'hand'>): Promise<Playbook[]> {
  const settings = await rooms.tenants.settings(hand.tenantId);
  return rooms.playbooks.all.map((playbook) => tenantPlaybook(playbook, settings));
}

const showPlaybook = ({ key, name, languages, consentRequired, fields, pipeline }: Playbook) => ({
  key,
  name,
  languages: [...languages],
  consentRequired,
  fields: fields.map((field) => ({
    key: field.key,
    type: field.type,
    label: field.label,
    required: field.required,
    max: field.max ?? null,
  })),
  statuses: pipeline.stages.map((stage) => ({
    key: stage.key,
    label: stage.label,
    moves: [...stage.moves],
    final: stage.ends !== undefined,
  })),
});

const showSequence = ({ key: playbook, cadence }: Playbook) => ({
  playbook,
  key: cadence.key,
  channels: [...cadence.channels],
  steps: cadence.steps.map((step) => ({
    key: step.key,
    day: step.day,
    at: step.day === 0 ? (step.at ?? null) : (step.at ?? cadence.at),
    template: step.template,
    variants: step.variants ?? null,
    channel: step.channel ?? null,
    after: step.after ?? null,
    bands: step.bands ? [...step.bands] : null,
    when: step.when
      ? Object.fromEntries(
          Object.entries(step.when).map(([field, asked]) => [field, asksAmount(asked) ? { ...asked } : [...asked]]),
        )
      : null,
  })),
});

/** One act on a follow-up; tells where the lead stands after it. */
function act(
  id: string,
  verb: string,
  words: { summary: string; description: string },
  work: (rooms: ApiRooms, call: Pick<Call<unknown, unknown, unknown>, 'hand'>, lead: LeadId) => Promise<unknown>,
  /** The state of a follow-up for which it was done: whoever got no answer may ask again. */
  done?: string,
) {
  return operation({
    id,
    method: 'post',
    path: `/automation/enrolments/{id}/${verb}`,
    tag: 'automation',
    ...words,
    permission: 'customer.reply',
    params: leadId(),
    status: 200,
    response: leadShape,
    async run(call) {
      const lead = await theLead(call.rooms, call, call.params.id);
      if (done === undefined || lead.followUp !== done) await work(call.rooms, call, call.params.id);
      return showLead(await theLead(call.rooms, call, call.params.id));
    },
  });
}

/** Playbooks, texts, sequences, and who goes through them. */
export const automationOperations = [
  operation({
    id: 'listPlaybooks',
    method: 'get',
    path: '/automation/playbooks',
    tag: 'automation',
    summary: 'Lines of business: what they ask, and the statuses of their leads',
    permission: 'key',
    query: empty,
    status: 200,
    response: z.strictObject({ data: z.array(playbookShape) }),
    run: async (call) => ({ data: (await own(call)).map(showPlaybook) }),
  }),
  operation({
    id: 'listSequences',
    method: 'get',
    path: '/automation/sequences',
    tag: 'automation',
    summary: 'What follows up leads: the steps of each playbook, as your business has them',
    permission: 'templates.see',
    query: empty,
    status: 200,
    response: z.strictObject({ data: z.array(sequenceShape) }),
    run: async (call) => ({ data: (await own(call)).map(showSequence) }),
  }),
  operation({
    id: 'listTemplates',
    method: 'get',
    path: '/automation/playbooks/{playbook}/templates',
    tag: 'automation',
    summary: 'The texts of a playbook in every language, and whether WhatsApp approved them',
    permission: 'templates.see',
    params: playbookKey(),
    query: empty,
    status: 200,
    response: z.strictObject({
      data: z.array(
        z.strictObject({
          key: z.string(),
          language: z.string(),
          version: z.string(),
          category: z.string(),
          subject: z.string().nullable(),
          body: z.string(),
          variables: z.array(z.string()),
          sender: z
            .string()
            .nullable()
            .meta({ description: 'The WhatsApp number whose approval this is; each has its own.' }),
          approval: z.string().meta({ description: 'On WhatsApp; `none` when it was never submitted.' }),
          reason: z.string().nullable(),
        }),
      ),
    }),
    async run({ rooms, hand, params }) {
      rooms.playbooks.get(params.playbook);
      const listed = await rooms.templates.list(hand.tenantId, params.playbook);
      return {
        data: listed.map(({ sender, template, state, reason }) => ({
          key: template.key,
          language: template.language,
          version: template.version,
          category: template.category,
          subject: template.subject ?? null,
          body: template.body,
          variables: [...template.variables],
          sender,
          approval: state,
          reason,
        })),
      };
    },
  }),
  operation({
    id: 'enrol',
    method: 'post',
    path: '/automation/enrolments',
    tag: 'automation',
    summary: 'Follow a lead up (again), from now on',
    description:
      'Plans every step of the playbook. 409 while a follow-up is running, without consent, and after an opt-out.',
    permission: 'customer.reply',
    body: z.strictObject({ leadId: idOf<LeadId>('a lead') }),
    status: 201,
    response: leadShape,
    async run(call) {
      await call.rooms.enrolment.start(call.hand, call.body.leadId, call.once);
      return showLead(await theLead(call.rooms, call, call.body.leadId));
    },
  }),
  act(
    'pauseEnrolment',
    'pause',
    { summary: 'Pause a follow-up', description: 'What is planned waits until it is resumed.' },
    (rooms, { hand }, id) => rooms.desk.pause(hand, id),
  ),
  act(
    'resumeEnrolment',
    'resume',
    { summary: 'Resume a paused follow-up', description: 'What waited is planned anew, inside the send hours.' },
    (rooms, { hand }, id) => rooms.desk.resume(hand, id),
    'active',
  ),
  act(
    'endEnrolment',
    'end',
    { summary: 'End a follow-up', description: 'Nothing planned leaves. The customer may still be written to.' },
    (rooms, { hand }, id) => rooms.enrolment.end(hand, id),
    'closed',
  ),
  act(
    'stopLead',
    'stop',
    {
      summary: 'The customer asked you to stop',
      description: 'As hard as their own STOP: on all channels, for good, unless they write START.',
    },
    (rooms, { hand }, id) => rooms.desk.stop(hand, id),
  ),
];
