import type { Answer } from './types.ts';
import { errorAnswer, newSid } from './wire.ts';

type State = 'unsubmitted' | 'received' | 'pending' | 'approved' | 'rejected' | 'paused' | 'disabled';

interface Content {
  readonly sid: string;
  readonly friendlyName: string;
  readonly language: string;
  readonly variables: Record<string, string>;
  readonly body: string;
  readonly createdAt: number;
  approval: { state: State; name: string; category: string; reason: string; submittedAt: number };
}

/** What a test or the page can decide in Meta's place. */
export interface TemplateControl {
  /** Sets the state of one template, as a reviewer would. */
  decide(contentSid: string, state: State, reason?: string): void;
  /** The next template submitted is rejected for this reason. */
  rejectNext(reason: string): void;
}

export interface Contents extends TemplateControl {
  create(json: unknown): Answer;
  fetch(sid: string): Answer;
  submit(sid: string, json: unknown): Answer;
  approval(sid: string): Answer;
  /** For sending: whether the template may open a conversation, and its text with the variables put in. */
  find(sid: string): { approved: boolean; render(variables: Record<string, string>): string } | undefined;
}

/** The Content API: templates and their review by Meta, which approves after `approveAfterMs` of machine time. */
export function createContents(accountSid: string, approveAfterMs: number, machine: () => number): Contents {
  const contents = new Map<string, Content>();
  let rejectNext: string | undefined;

  function stateOf({ approval }: Content): State {
    const underReview = approval.state === 'received' || approval.state === 'pending';
    if (underReview && machine() >= approval.submittedAt + approveAfterMs) approval.state = 'approved';
    return approval.state;
  }

  /** Runs with the template, or answers 404. */
  function withContent(sid: string, then: (content: Content) => Answer): Answer {
    const content = contents.get(sid);
    return content ? then(content) : errorAnswer(20404);
  }

  return {
    create(json) {
      const { friendly_name, language, variables, types } = record(json);
      const { body } = record(record(types)['twilio/text']);
      if (typeof language !== 'string' || typeof body !== 'string')
        return errorAnswer(20001, 'language, types required');
      const approval = { state: 'unsubmitted' as State, name: '', category: '', reason: '', submittedAt: 0 };
      const content: Content = {
        sid: newSid('HX'),
        friendlyName: typeof friendly_name === 'string' ? friendly_name : '',
        language,
        variables: record(variables) as Record<string, string>,
        body,
        createdAt: machine(),
        approval,
      };
      contents.set(content.sid, content);
      return { status: 201, body: contentJson(content, accountSid) };
    },
    fetch: (sid) => withContent(sid, (content) => ({ status: 200, body: contentJson(content, accountSid) })),
    submit: (sid, json) =>
      withContent(sid, (content) => {
        const { name, category } = record(json);
        if (typeof name !== 'string' || !/^[a-z0-9_]{1,512}$/.test(name)) {
          return errorAnswer(20001, 'name: lowercase letters, digits and underscores only');
        }
        if (category !== 'UTILITY' && category !== 'MARKETING') return errorAnswer(20001, 'category is not known');
        const reason = rejectNext ?? formatProblem(content.body);
        rejectNext = undefined;
        const state = reason === undefined ? 'received' : 'rejected';
        content.approval = { state, name, category, reason: reason ?? '', submittedAt: machine() };
        return { status: 201, body: approvalJson(content, state) };
      }),
    approval: (sid) =>
      withContent(sid, (content) => ({
        status: 200,
        body: {
          sid,
          account_sid: accountSid,
          whatsapp: { type: 'whatsapp', ...approvalJson(content, stateOf(content)) },
          url: `https://content.twilio.com/v1/Content/${sid}/ApprovalRequests`,
        },
      })),
    find(sid) {
      const content = contents.get(sid);
      if (!content) return undefined;
      return {
        approved: stateOf(content) === 'approved',
        // A variable left out takes the sample given when the template was created.
        render: (variables) =>
          content.body.replace(/\{\{(\w+)\}\}/g, (hole, key) => variables[key] ?? content.variables[key] ?? hole),
      };
    },
    decide(contentSid, state, reason = '') {
      const content = contents.get(contentSid);
      if (!content) throw new Error(`no template ${contentSid}`);
      content.approval = { ...content.approval, state, reason, submittedAt: machine() };
    },
    rejectNext(reason) {
      rejectNext = reason;
    },
  };
}

/** WhatsApp rejects on sight: too long, a variable at either end, two variables side by side. */
function formatProblem(body: string): string | undefined {
  if (body.length > 1024) return 'The body is longer than 1024 characters.';
  if (/^\s*\{\{/.test(body) || /\}\}\s*$/.test(body)) return 'Variables cannot be at the start or end of the body.';
  if (/\}\}\s*\{\{/.test(body)) return 'Variables cannot be next to each other.';
  return undefined;
}

function contentJson(content: Content, accountSid: string): object {
  const url = `https://content.twilio.com/v1/Content/${content.sid}`;
  const date = new Date(content.createdAt).toISOString().replace(/\.\d+Z/, 'Z');
  return {
    sid: content.sid,
    account_sid: accountSid,
    friendly_name: content.friendlyName,
    language: content.language,
    variables: content.variables,
    types: { 'twilio/text': { body: content.body } },
    date_created: date,
    date_updated: date,
    url,
    links: { approval_create: `${url}/ApprovalRequests/whatsapp`, approval_fetch: `${url}/ApprovalRequests` },
  };
}

function approvalJson({ approval }: Content, status: State): object {
  return {
    name: approval.name,
    category: approval.category,
    content_type: 'twilio/text',
    status,
    rejection_reason: approval.reason,
    allow_category_change: true,
  };
}

function record(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}
