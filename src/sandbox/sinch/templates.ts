import { type Answer, refusal } from './types.ts';

interface Template {
  name: string;
  language: string;
  body: string;
  category: string;
  state: 'DRAFT' | 'IN_PROGRESS' | 'APPROVED' | 'REJECTED' | 'PAUSED';
  reason: string | undefined;
}

/** WhatsApp templates by the provisioning API, and Meta's decisions about them. */
export interface Templates {
  answer(method: string, path: string, body: Record<string, unknown>): Answer;
  /** What the customer reads; undefined when the template cannot be used, with the reason that Sinch reports. */
  render(name: string, language: string, parameters: Record<string, string>): { body: string } | { failWith: string };
  approve(): void;
  reject(name: string, reason: string): void;
}

const PATH = /^\/whatsapp\/templates(?:\/([^/]+)\/languages\/([^/]+))?$/;

/** `review`: templates are approved when they are submitted, or wait for `approve`. */
export function createTemplates(review: 'at once' | 'later'): Templates {
  const templates = new Map<string, Template>();
  const keyOf = (name: string, language: string) => `${name}/${language}`;
  const shown = ({ name, language, category, state, reason }: Template) => ({
    name,
    language,
    category,
    state,
    ...(reason && { rejected_reason: reason }),
  });

  function create(body: Record<string, unknown>): Answer {
    const { name, language, category, state, details } = body as {
      name?: string;
      language?: string;
      category?: string;
      state?: string;
      details?: { components?: { type?: string; text?: string }[] };
    };
    const text = details?.components?.find(({ type }) => type === 'BODY')?.text;
    if (!name || !/^[a-z0-9_]+$/.test(name) || !language || !category || !text || state !== 'DRAFT') {
      return refusal(400, 'INVALID_ARGUMENT', 'name, language, category, state and a BODY component are required');
    }
    if (templates.has(keyOf(name, language))) return refusal(409, 'ALREADY_EXISTS');
    const made: Template = { name, language, body: text, category, state: 'DRAFT', reason: undefined };
    templates.set(keyOf(name, language), made);
    return { status: 201, body: shown(made) };
  }

  return {
    answer(method, path, body) {
      const [whole, name, language] = PATH.exec(path) ?? [];
      if (whole === undefined) return refusal(404, 'NOT_FOUND');
      if (!name || !language) return method === 'POST' ? create(body) : refusal(404, 'NOT_FOUND');
      const known = templates.get(keyOf(decodeURIComponent(name), decodeURIComponent(language)));
      if (!known) return refusal(404, 'NOT_FOUND');
      if (method === 'PATCH') {
        if (typeof body.category === 'string') known.category = body.category;
        if (body.state === 'SUBMIT') known.state = review === 'at once' ? 'APPROVED' : 'IN_PROGRESS';
      }
      return { status: 200, body: shown(known) };
    },
    render(name, language, parameters) {
      const known = templates.get(keyOf(name, language));
      if (known?.state !== 'APPROVED') return { failWith: 'TEMPLATE_NOT_FOUND' };
      const body = known.body.replace(/\{\{(\d+)\}\}/g, (hole, place) => parameters[`body[${place}]text`] || hole);
      return /\{\{\d+\}\}/.test(body) ? { failWith: 'TEMPLATE_INSUFFICIENT_PARAMETERS' } : { body };
    },
    approve() {
      for (const each of templates.values()) if (each.state === 'IN_PROGRESS') each.state = 'APPROVED';
    },
    reject(name, reason) {
      for (const each of templates.values()) if (each.name === name) Object.assign(each, { state: 'REJECTED', reason });
    },
  };
}
