import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { Tx } from '../../db/index.ts';
import { type Amendment, isFact, type LeadSummary } from '../../leads/index.ts';
import { type FieldProblem, isKnown, validationError } from '../../lib/errors.ts';
import type { LeadId } from '../../lib/ids.ts';
import type { Amend } from '../../messaging/index.ts';
import { type Field, type Playbook, tenantPlaybook } from '../../tenants/index.ts';
import { inline } from '../card/index.ts';
import { ownName } from '../drive/modal.ts';
import type { Action, FormValues, Modal } from '../feature.ts';
import { input, type ModalView, option, section } from '../views.ts';
import type { LeadDeps } from './deps.ts';
import { leadIdOf, modal, show } from './modals.ts';

const EDIT = 'lead_edit';
/** The window carries what each field held when it was opened, as a few digits of a hash: two people may be at it. */
const carried = z.object({ lead: z.string(), seen: z.record(z.string(), z.string()) });

/** What can be changed of a lead in this window, by the field's key. */
type Facts = Readonly<Record<string, string>>;

const isEditable = ({ type }: Field) => type === 'name' || type === 'email' || type === 'language' || isFact({ type });
const editable = (playbook: Playbook) => playbook.fields.filter(isEditable);

/** Changing what is known of a lead: its facts, the customer's name, mailbox and language. */
export function createEdit(deps: LeadDeps & { amend: Amend }): {
  actions: Record<string, Action>;
  modals: Record<string, Modal>;
} {
  const { db, desk, tenants, playbooks, amend } = deps;

  const playbookOf = async (lead: LeadSummary, tenantId: Parameters<typeof tenants.settings>[0]) =>
    tenantPlaybook(playbooks.get(lead.playbook), await tenants.settings(tenantId));

  return {
    actions: {
      [EDIT]: {
        permission: 'lead.change',
        async run(asked, value, place) {
          const lead = await desk.lead(asked.staff, leadIdOf(value));
          const playbook = await playbookOf(lead, asked.tenant.id);
          const facts = await db.inTenant(asked.tenant.id, (tx) => factsOf(tx, lead, playbook));
          await show(asked, place, editView(lead, playbook, facts));
        },
      },
    },
    modals: {
      [EDIT]: {
        permission: 'lead.change',
        async submit(asked, values, metadata) {
          const { lead: id, seen } = carried.parse(JSON.parse(metadata));
          const lead = await desk.lead(asked.staff, id as LeadId);
          const playbook = await playbookOf(lead, asked.tenant.id);
          const entered = enteredIn(values, playbook, seen);
          try {
            await amend(asked.staff, lead.id, amendmentOf(entered, playbook), async (tx, now) => {
              refuseOvertaken(await factsOf(tx, now, playbook), entered, seen, playbook);
              return now;
            });
          } catch (error) {
            throw atInputs(error, playbook);
          }
          return { kind: 'close' };
        },
      },
    },
  };
}

/** What the fields hold now, by their keys; what is empty is an empty text. */
async function factsOf(tx: Tx, lead: LeadSummary, playbook: Playbook): Promise<Facts> {
  const [person] = await tx.query<{ language: string; email: string | null }>(
    `select p.language, (select a.value from addresses a where a.person_id = p.id and a.kind = 'email'
       and not 'email' = any(a.unreachable) order by a.created_at limit 1) as email from persons p where p.id = $1`,
    [lead.personId],
  );
  const held = (field: Field): string => {
    if (field.type === 'name') return lead.name;
    if (field.type === 'email') return person?.email ?? '';
    if (field.type === 'language') return person?.language ?? '';
    return lead.fields[field.key] ?? '';
  };
  return Object.fromEntries(editable(playbook).map((field) => [field.key, held(field)]));
}

const markOf = (value: string) => createHash('sha256').update(value).digest('hex').slice(0, 10);

/** The form with what the fields hold. Pure. */
export function editView(lead: Pick<LeadSummary, 'id' | 'name'>, playbook: Playbook, facts: Facts): ModalView {
  const seen = Object.fromEntries(Object.entries(facts).map(([key, value]) => [key, markOf(value)]));
  return modal({
    id: EDIT,
    title: 'Edit lead',
    submit: 'Save',
    close: 'Cancel',
    metadata: JSON.stringify({ lead: lead.id, seen }),
    blocks: [
      section(`What is known of *${inline(lead.name)}*. Messages that have not left yet follow what you change.`),
      ...editable(playbook).map((field) => fieldBlock(field, playbook, facts[field.key] ?? '')),
    ],
  });
}

function fieldBlock(field: Field, playbook: Playbook, value: string): object {
  const more = { ...(field.hint && isFact(field) && { hint: field.hint }), optional: !field.required };
  if (field.type === 'choice' || field.type === 'language') {
    const options =
      field.type === 'language'
        ? playbook.languages.map((language) => option(ownName(language), language))
        : Object.entries(field.options ?? {}).map(([key, label]) => option(label, key));
    const chosen = options.find((each) => each.value === value);
    return input(
      field.key,
      field.label,
      { type: 'static_select', options, ...(chosen && { initial_option: chosen }) },
      more,
    );
  }
  const typed = { ...(value !== '' && { initial_value: value }) };
  if (field.type === 'email') return input(field.key, field.label, { type: 'email_text_input', ...typed }, more);
  const lines = field.type === 'long_text' ? { multiline: true } : {};
  const max = field.max === undefined ? {} : { max_length: field.max };
  return input(field.key, field.label, { type: 'plain_text_input', ...lines, ...max, ...typed }, more);
}

/** What was entered and is another than what the window showed. */
function enteredIn(values: FormValues, playbook: Playbook, seen: Facts): Facts {
  const all = editable(playbook).map((field) => {
    const chosen = field.type === 'choice' || field.type === 'language';
    return [field.key, (chosen ? values.choice(field.key) : values.text(field.key)).trim()] as const;
  });
  return Object.fromEntries(all.filter(([key, value]) => markOf(value) !== seen[key]));
}

function amendmentOf(entered: Facts, playbook: Playbook): Amendment {
  const person: NonNullable<Amendment['person']> = {};
  const fields: Record<string, string> = {};
  const emptied: string[] = [];
  const problems: FieldProblem[] = [];
  for (const [key, value] of Object.entries(entered)) {
    const type = playbook.fields.find((field) => field.key === key)?.type;
    if (type === 'name') person.name = value;
    else if (type === 'email' && value === '')
      problems.push({
        field: key,
        message: 'Write another address: one that is on record can be replaced, not taken away.',
      });
    else if (type === 'email') person.email = value;
    else if (type === 'language') person.language = value;
    else if (value === '') emptied.push(key);
    else fields[key] = value;
  }
  if (problems.length > 0) throw validationError(problems);
  return { fields, emptied, person };
}

/** Somebody else has changed the same field since the window was opened; other fields of theirs stay as they made them. */
function refuseOvertaken(now: Facts, entered: Facts, seen: Facts, playbook: Playbook): void {
  const problems = Object.keys(entered).flatMap((key) => {
    const current = now[key] ?? '';
    if (markOf(current) === seen[key] || current === entered[key]) return [];
    const field = playbook.fields.find((each) => each.key === key);
    const shown = field?.options?.[current] ?? current;
    const what = shown === '' ? 'emptied this' : `changed this to “${shown}”`;
    return [{ field: key, message: `Somebody else has ${what} meanwhile. Close the window and open it again.` }];
  });
  if (problems.length > 0) throw validationError(problems);
}

/** Problems at the inputs: what every lead has goes by its kind, the rest by its key. */
function atInputs(error: unknown, playbook: Playbook): unknown {
  if (!isKnown(error) || error.problems.length === 0) return error;
  const byKind = (name: string) => playbook.fields.find(({ type }) => type === name)?.key ?? name;
  return validationError(
    error.problems.map(({ field, message }) => ({ field: byKind(field.replace(/^fields\//, '')), message })),
  );
}
