import type { EffectHandler } from '../../events/index.ts';
import type { ImportProgress, RowProblem } from '../../leads/index.ts';
import { csvCell } from '../../lib/csv.ts';
import { isId } from '../../lib/ids.ts';
import { actions, bold, button, isGone, type Post, post, revise } from '../card/index.ts';
import type { Action } from '../feature.ts';
import { grouped } from '../format.ts';
import { directMessage, upload } from '../reports/files.ts';
import { section } from '../views.ts';
import { type ImportDeps, PROBLEMS, WITHDRAW } from './deps.ts';

const count = (n: number, what: string) => (n > 0 ? [`${grouped(n)} ${what}`] : []);

/** How far an import has got, with what can be done about it. Pure. */
export function progressPost({ id, state, about, rows }: ImportProgress): Post {
  const { waiting, captured, merged, refused, removed, restored, kept } = rows;
  const came = [...count(captured, 'new'), ...count(merged, 'merged'), ...count(refused, 'refused')].join(', ');
  const total = waiting + captured + merged + refused;
  const list = bold(about.fileName);
  const undo = {
    title: 'Take it back?',
    text: 'Leads that came with this file go again, and what it merged is taken out. A lead stays where a message has left, or somebody worked on it.',
    yes: 'Take it back',
  };
  const problems = refused > 0 ? [button(PROBLEMS, 'What was refused', id)] : [];
  const back = (text: string) => button(WITHDRAW, text, id, { confirm: undo });
  const said = (words: string, ...each: object[]): Post => ({
    text: words,
    blocks: [section(words), ...actions(each)],
  });
  switch (state) {
    case 'draft':
      return said(`${list} waits to be confirmed.`);
    case 'running':
      return said(
        total === 0
          ? `${list} is coming in …`
          : `${list} is coming in: ${grouped(total - waiting)} of ${grouped(total)} rows${came ? ` (${came})` : ''}.`,
        back('Stop and take it back'),
      );
    case 'done':
      return said(`${list} came in: ${came || 'nothing'}. Find them with /leads.`, ...problems, back('Take it back'));
    case 'withdrawing':
      return said(`${list} is being taken back: ${grouped(captured + merged)} rows to go.`);
    case 'withdrawn': {
      const what = [...count(removed, 'removed'), ...count(restored, 'put back as they were')].join(', ');
      const stay =
        kept > 0
          ? ` ${grouped(kept)} ${kept === 1 ? 'stays' : 'stay'}: a message has left for them, they wrote, or somebody worked on them. Stop or close these one by one.`
          : '';
      return said(`${list} was taken back: ${what || 'nothing was there to remove'}.${stay}`, ...problems);
    }
  }
}

/** Shows it in the direct messages of whoever brought it in; posted once, then kept up. */
export function createShow(deps: ImportDeps): EffectHandler {
  const { imports, staff, clientOf } = deps;
  return async ({ tenantId, key }) => {
    const progress = await imports.progress(tenantId, key);
    const owner = progress && (await staff.byId(tenantId, progress.by));
    if (!progress || !owner) return;
    const client = await clientOf(tenantId);
    const message = progressPost(progress);
    if (progress.shown) {
      try {
        return await revise(client, progress.shown, message);
      } catch (error) {
        if (!isGone(error)) throw error;
      }
    }
    const channel = await deps.outlets.directMessage(client, [owner]);
    if (channel) await imports.shownAt(tenantId, key, await post(client, channel, message));
  };
}

const HEAD = ['row', 'column', 'problem', 'what it says'];

/** Problems as a file for a spreadsheet; what it would take for a formula is made text. Pure. */
export function problemsCsv(problems: readonly RowProblem[]): string {
  const lines = problems.map(({ place, heading, message, value }) =>
    [String(place), heading, message, value].map(csvCell).join(','),
  );
  return `\ufeff${[HEAD.join(','), ...lines].join('\r\n')}\r\n`;
}

/** Buttons under a preview and under the progress. */
export function createActions({ imports }: ImportDeps): Record<string, Action> {
  return {
    [PROBLEMS]: {
      permission: 'lead.import',
      async run({ staff, slack }, value) {
        if (!isId(value)) return;
        const bytes = Buffer.from(problemsCsv(await imports.problems(staff, value)));
        const file = { name: 'import-problems.csv', title: 'Rows that are refused, and why', bytes };
        await upload(slack, file, await directMessage(slack, staff.slackUserId));
      },
    },
    [WITHDRAW]: {
      permission: 'lead.import',
      async run({ staff }, value) {
        if (isId(value)) await imports.withdraw(staff, value);
      },
    },
  };
}
