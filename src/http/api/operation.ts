import type { z } from 'zod';
import type { AnswerLog, ApiKey, Caller, KeyBook, SignIns } from '../../access/index.ts';
import type { NoteBook } from '../../agent/index.ts';
import type { Database } from '../../db/index.ts';
import type { HookBook } from '../../hooks/index.ts';
import type { Correction, Enrolment, WebhookLog } from '../../inbox/index.ts';
import type { Capture } from '../../leads/index.ts';
import type { Clock } from '../../lib/clock.ts';
import type { Amend, Desk, Live, Templates } from '../../messaging/index.ts';
import type { Erasures } from '../../privacy/index.ts';
import type { Reports } from '../../reports/index.ts';
import type {
  FormBook,
  Hand,
  LeadSourceBook,
  Permission,
  Playbooks,
  RoutingBook,
  StaffBook,
  Tenants,
} from '../../tenants/index.ts';

/*
 * An operation of the API is data: where it is, who may use it, what it takes and gives. Routes, the OpenAPI document, its
 * page and the contract test are all made from the same table (`operations.ts`).
 */

/** The rooms that operations work with. */
export interface ApiRooms {
  db: Database;
  clock: Clock;
  tenants: Tenants;
  playbooks: Playbooks;
  routing: RoutingBook;
  staff: StaffBook;
  capture: Capture;
  desk: Desk;
  amend: Amend;
  correction: Correction;
  enrolment: Enrolment;
  noteBook: NoteBook;
  templates: Templates;
  live: Live;
  reports: Reports;
  erasures: Erasures;
  hooks: HookBook;
  forms: FormBook;
  leadSources: LeadSourceBook;
  webhooks: Pick<WebhookLog, 'parkedBySource'>;
  apiKeys: KeyBook;
  signIns: SignIns;
  apiAnswers: AnswerLog;
}

/** One request, by somebody who may make it. */
export interface Call<P, Q, B> {
  rooms: ApiRooms;
  caller: Caller;
  /** Who acts: the key, in the name of whoever made it. */
  hand: Hand;
  params: P;
  query: Q;
  body: B;
  /** The same for the same request sent again under one idempotency key, else of this request alone. */
  once: string;
}

export const TAGS = {
  access: 'Signing in, and who you are.',
  leads: 'Enquiries and where they stand.',
  conversations: 'What is said to and by a lead.',
  automation: 'Playbooks, their texts and sequences, and who goes through them.',
  analytics: 'Figures, by period and by day.',
  integrations: 'What is connected.',
  webhooks: 'Who else hears of what happens.',
} as const;

interface Described {
  /** Of the operation in the document: `listLeads`. */
  id: string;
  method: 'get' | 'post' | 'patch' | 'delete';
  /** Under `/api/v2`, its parameters in braces. */
  path: string;
  tag: keyof typeof TAGS;
  summary: string;
  description?: string;
}

/** A text that is sent piece by piece, so that a large one is never held whole. */
export interface Download {
  name: string;
  type: string;
  pieces: AsyncIterable<string>;
}

/** What any operation can be asked. */
export interface Operation extends Described {
  /** `key` is any key that signed in; without permission it is for those who have not. */
  permission: Permission | 'key' | 'public';
  params?: z.ZodType;
  query?: z.ZodType;
  body?: z.ZodType;
  status: 200 | 201 | 202 | 204;
  /** Absent with 204, and where a file is sent. */
  response?: z.ZodType;
  /** The media types of the file it sends. */
  download?: readonly string[];
  run(call: Call<unknown, unknown, unknown>): Promise<unknown>;
}

type Out<T> = T extends z.ZodType ? z.output<T> : undefined;

/** Declares an operation; what it takes and gives is checked against its schemas by the compiler. */
export function operation<
  P extends z.ZodType | undefined = undefined,
  Q extends z.ZodType | undefined = undefined,
  B extends z.ZodType | undefined = undefined,
  R extends z.ZodType | undefined = undefined,
>(
  declared: Described & {
    permission: Permission | 'key';
    params?: P;
    query?: Q;
    body?: B;
    status: Operation['status'];
    response?: R;
    download?: readonly string[];
    run(call: Call<Out<P>, Out<Q>, Out<B>>): Promise<R extends z.ZodType ? z.input<R> : Download | undefined>;
  },
): Operation {
  return declared as unknown as Operation;
}

/** Declares one for those who have not signed in. */
export function openOperation<B extends z.ZodType, R extends z.ZodType>(
  declared: Described & {
    body: B;
    status: Operation['status'];
    response: R;
    run(call: { rooms: ApiRooms; body: z.output<B> }): Promise<z.input<R>>;
  },
): Operation {
  return { ...declared, permission: 'public' } as unknown as Operation;
}

/** The key as one who works on leads. */
export function handOf(key: ApiKey): Hand {
  return {
    id: key.madeBy,
    tenantId: key.tenantId,
    slackUserId: '',
    name: key.name,
    role: key.role,
    zone: null,
    phone: null,
    coveredBy: null,
    checkedAt: key.createdAt,
    via: key.id,
  };
}
