import { z } from 'zod';
import { append } from '../../events/index.ts';
import { findLeads, type LeadFilter, type LeadPlace, readLead, readLeadBySourceKey } from '../../leads/index.ts';
import { csvCell } from '../../lib/csv.ts';
import { KnownError } from '../../lib/errors.ts';
import type { LeadId } from '../../lib/ids.ts';
import { actorOf } from '../../tenants/index.ts';
import { cut, readCursor, timeIn } from './cursor.ts';
import { FOREIGN, filterOf, filters, isOwnKey, leadId, leadShape, showLead } from './lead-shape.ts';
import { type ApiRooms, type Call, type Download, operation } from './operation.ts';
import { empty, pageOf, paging, words } from './schemas.ts';

const noLead = () => new KnownError('not_found', 'no such lead', 'That lead does not exist (any more).');

/** The lead that somebody may see; throws `not_found`. */
export async function theLead(rooms: ApiRooms, call: Pick<Call<unknown, unknown, unknown>, 'hand'>, id: LeadId) {
  const lead = await rooms.db.inTenant(call.hand.tenantId, (tx) => readLead(tx, id));
  if (!lead) throw noLead();
  return lead;
}

const EXPORT_PAGE = 500;
const COLUMNS = [
  'id',
  'name',
  'phone',
  'email',
  'playbook',
  'status',
  'source',
  'externalId',
  'ownerId',
  'language',
  'zone',
  'capturedAt',
  'statusAt',
  'qualified',
  'score',
  'band',
  'value',
  'optedOut',
  'followUp',
] as const;

/** Every lead that fits, page by page, each page in a transaction of its own. */
async function* leadsOf(rooms: ApiRooms, hand: Call<unknown, unknown, unknown>['hand'], filter: LeadFilter) {
  let after: LeadPlace | undefined;
  for (;;) {
    const page = { after, limit: EXPORT_PAGE };
    const leads = await rooms.db.inTenant(hand.tenantId, (tx) => findLeads(tx, filter, page));
    yield* leads.map(showLead);
    after = leads.at(-1);
    if (leads.length < EXPORT_PAGE) return;
  }
}

/** The file, and an event that says how much of it left, whoever breaks off the reading. */
async function* written(
  call: Pick<Call<unknown, unknown, unknown>, 'rooms' | 'hand'>,
  filter: LeadFilter | 'nothing',
  csv: boolean,
) {
  const { rooms, hand } = call;
  let leads = 0;
  try {
    if (csv) yield `\ufeff${COLUMNS.join(',')},fields\r\n`;
    if (filter === 'nothing') return;
    for await (const lead of leadsOf(rooms, hand, filter)) {
      leads++;
      const cells = COLUMNS.map((column) => String(lead[column] ?? ''));
      yield csv ? `${[...cells, JSON.stringify(lead.fields)].map(csvCell).join(',')}\r\n` : `${JSON.stringify(lead)}\n`;
    }
  } finally {
    await rooms.db.inTenant(hand.tenantId, (tx) =>
      append(tx, tx.tenantId, rooms.clock.now(), actorOf(hand), [{ type: 'leads.exported', data: { leads } }]),
    );
  }
}

/** When the lead was captured and its id; cursors of before said the id alone. */
function placeIn(cursor: string | undefined): LeadPlace | undefined {
  if (cursor === undefined) return undefined;
  const read = readCursor(cursor, 1, 2);
  return { id: read.at(-1) as LeadId, ...(read.length === 2 && { capturedAt: timeIn(read[0] ?? '') }) };
}

/** Leads to look at and to take away. */
export const leadReads = [
  operation({
    id: 'listLeads',
    method: 'get',
    path: '/leads',
    tag: 'leads',
    summary: 'Leads, newest first, by any of these filters',
    permission: 'lead.see_all',
    query: z.strictObject({ ...filters, ...paging }),
    status: 200,
    response: pageOf(leadShape),
    async run({ rooms, hand, query: { limit, cursor, ...query } }) {
      const { country } = await rooms.tenants.byId(hand.tenantId);
      const filter = filterOf(query, country);
      if (filter === 'nothing') return { data: [], next: null };
      const page = { after: placeIn(cursor), limit: limit + 1 };
      const leads = await rooms.db.inTenant(hand.tenantId, (tx) => findLeads(tx, filter, page));
      return cut(leads, limit, ({ id, capturedAt }) => [capturedAt.toISOString(), id], showLead);
    },
  }),
  operation({
    id: 'exportLeads',
    method: 'get',
    path: '/leads/export',
    tag: 'leads',
    summary: 'Leads as a file',
    description:
      "All leads that fit the filters, as CSV (the default) or one JSON object a line. In CSV, what a spreadsheet would take for a formula has an apostrophe before it, as in `'+46701234567`; for programs ask for `ndjson`, which has none. It is written down that you did.",
    permission: 'lead.export',
    query: z.strictObject({ ...filters, format: z.enum(['csv', 'ndjson']).default('csv') }),
    status: 200,
    download: ['text/csv', 'application/x-ndjson'],
    async run({ rooms, hand, query: { format, ...query } }): Promise<Download> {
      const { country } = await rooms.tenants.byId(hand.tenantId);
      const csv = format === 'csv';
      return {
        name: `leads.${format}`,
        type: csv ? 'text/csv; charset=utf-8' : 'application/x-ndjson',
        pieces: written({ rooms, hand }, filterOf(query, country), csv),
      };
    },
  }),
  operation({
    id: 'findByExternalId',
    method: 'get',
    path: '/leads/custom/{externalId}',
    tag: 'leads',
    summary: 'The lead that you know by an id of your own',
    permission: 'lead.see_all',
    params: z.strictObject({ externalId: words(200, 1).meta({ example: 'crm-4711' }) }),
    query: empty,
    status: 200,
    response: leadShape,
    async run({ rooms, hand, params }) {
      const { externalId } = params;
      if (isOwnKey(externalId)) throw noLead();
      const lead = await rooms.db.inTenant(hand.tenantId, (tx) => readLeadBySourceKey(tx, FOREIGN, externalId));
      if (!lead) throw noLead();
      return { ...showLead(lead), externalId };
    },
  }),
  operation({
    id: 'readLead',
    method: 'get',
    path: '/leads/{id}',
    tag: 'leads',
    summary: 'One lead',
    permission: 'lead.see_all',
    params: leadId(),
    query: empty,
    status: 200,
    response: leadShape,
    run: async (call) => showLead(await theLead(call.rooms, call, call.params.id)),
  }),
];
