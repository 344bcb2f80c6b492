import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import {
  type BoltApp,
  filled,
  formModal,
  openModal,
  startBoltApp,
  text,
  violationsOf,
  type Web,
} from '../support/bolt-app.ts';
import { type JsonObject, shownValues, type TestSlack, U_SOFIA } from '../support/slack.ts';

let app: BoltApp;
let slack: TestSlack;
let on: BoltApp['on'];
let web: Web;

beforeAll(async () => {
  app = await startBoltApp();
  ({ slack, on, web } = app);
});
afterEach(() => app.reset());
afterAll(() => app.stop());

const refused = (code: string) => expect.objectContaining({ data: expect.objectContaining({ error: code }) });

describe('modals', () => {
  test('what Slack checks itself never reaches the app, unless the client is not Slack', async () => {
    const modal = await openModal(app);
    const bodies: JsonObject[] = [];
    on.view = async ({ ack, body }) => {
      bodies.push(body);
      await ack();
    };
    const kept = await slack.submit(U_SOFIA, modal, { Mobile: '' });
    expect(kept).toMatchObject({ refusedBy: 'slack', closed: false });
    expect(Object.keys(kept.labelledErrors)).toEqual(['Mobile', 'Consent']);
    expect(bodies).toEqual([]);
    await slack.submit(U_SOFIA, modal, {}, { unchecked: true });
    expect(bodies).toHaveLength(1);
  });

  test('show what the app filled in and what the person entered', async () => {
    const modal = await openModal(app);
    expect(shownValues(modal)).toMatchObject({ Customer: 'Anna', Mobile: '', Language: 'Svenska', Consent: [] });
    const entries = { mobile: '123', Language: 'en', Consent: ['agreed'], 'name/value': 'Bo', name: 'Anna' };
    const open = await slack.fill(U_SOFIA, modal, entries);
    expect(shownValues(open)).toMatchObject({
      Mobile: '123',
      Language: 'English',
      Consent: ['Anna agreed to be contacted'],
    });
    await expect(slack.fill(U_SOFIA, modal, { Colour: 'red' })).rejects.toThrow(
      'no field "Colour"; there are "Customer" (name/value)',
    );
  });

  test('errors at a block that is no input are noted', async () => {
    const modal = await openModal(app);
    on.view = async ({ ack }) => ack({ response_action: 'errors', errors: { nowhere: 'Wrong.' } });
    const codes = await violationsOf(slack, () => slack.submit(U_SOFIA, modal, filled));
    expect(codes).toEqual(['unknown_error_block']);
  });

  test('are updated, pushed up to three, and cleared by the answer to a submission', async () => {
    const modal = await openModal(app);
    const next = (title: string) => ({ ...formModal(), title: text(title) });
    on.view = async ({ ack }) => ack({ response_action: 'update', view: next('Second') });
    const updated = await slack.submit(U_SOFIA, modal, filled);
    expect(updated).toMatchObject({ closed: false, view: { view: { id: modal.view.id, title: { text: 'Second' } } } });
    expect(updated.view?.typed.phone).toMatchObject({ value: { value: filled.Mobile } });

    on.view = async ({ ack }) => ack({ response_action: 'push', view: next('Third') });
    const pushed = await slack.submit(U_SOFIA, modal);
    expect(pushed.view?.view).toMatchObject({ previous_view_id: modal.view.id, root_view_id: modal.view.id });
    const top = await slack.submit(U_SOFIA, pushed.view ?? modal, filled);
    expect(slack.stack(U_SOFIA)).toHaveLength(3);
    const tooMany = await slack.submit(U_SOFIA, top.view ?? modal, filled);
    expect(tooMany.trouble).toBe(true);
    on.view = async ({ ack }) => ack({ response_action: 'clear' });
    expect(await slack.submit(U_SOFIA, top.view ?? modal)).toMatchObject({ closed: true, view: null });
  });

  test('a view that changed since it was read is not overwritten', async () => {
    const { view } = await openModal(app);
    const changed = await web.views.update({ view_id: view.id, hash: view.hash, view: formModal() as never });
    expect(changed.view?.hash).not.toBe(view.hash);
    const stale = web.views.update({ view_id: view.id, hash: view.hash, view: formModal() as never });
    await expect(stale).rejects.toEqual(refused('hash_conflict'));
    await slack.closeView(U_SOFIA);
    await expect(web.views.update({ view_id: view.id, view: formModal() as never })).rejects.toEqual(
      refused('not_found'),
    );
  });

  test('tell of being closed only when asked to', async () => {
    const closed: JsonObject[] = [];
    on.view = async ({ ack, body }) => {
      closed.push(body);
      await ack();
    };
    await openModal(app);
    expect(await slack.closeView(U_SOFIA)).toBeNull();
    await openModal(app, { ...formModal(), notify_on_close: true });
    expect((await slack.closeView(U_SOFIA))?.status).toBe(200);
    expect(closed).toEqual([expect.objectContaining({ type: 'view_closed', is_cleared: false })]);
    expect(closed[0]).not.toHaveProperty('trigger_id');
  });

  test('a button in a modal sends the view, no channel, and a trigger that pushes', async () => {
    const more = { type: 'actions', elements: [{ type: 'button', action_id: 'more', text: text('More') }] };
    const modal = await openModal(app, { ...formModal(), blocks: [...(formModal().blocks as object[]), more] });
    await slack.fill(U_SOFIA, modal, { Mobile: '+46701740605' });
    let seen: JsonObject = {};
    on.action = async ({ ack, body, client }) => {
      seen = body;
      await ack();
      await client.views.push({ trigger_id: String(body.trigger_id), view: formModal() as never });
    };
    const pushed = await (await slack.click(U_SOFIA, { view: modal }, 'more')).modal();
    expect(pushed.view.previous_view_id).toBe(modal.view.id);
    expect(seen).toMatchObject({
      container: { type: 'view', view_id: modal.view.id },
      view: { state: { values: { phone: { value: { value: '+46701740605' } } } } },
    });
    expect(Object.keys(seen)).not.toEqual(expect.arrayContaining(['channel', 'message', 'response_url']));
  });
});

describe('files', () => {
  const photo = { name: 'licence.jpg', mimetype: 'image/jpeg', bytes: new TextEncoder().encode('a picture') };

  test('of a file input are served to the bot alone, and not the bot may delete them', async () => {
    const modal = await openModal(app);
    let sent: JsonObject = {};
    on.view = async ({ ack, body }) => {
      sent = body;
      await ack();
    };
    await slack.submit(U_SOFIA, modal, { ...filled, 'Licence photo': photo });
    const { view } = sent as { view: { state: { values: Record<string, Record<string, { files?: JsonObject[] }>> } } };
    const [file = {}] = view.state.values.photo?.value?.files ?? [];
    expect(file).toMatchObject({
      name: 'licence.jpg',
      mimetype: 'image/jpeg',
      filetype: 'jpg',
      size: 9,
      user: U_SOFIA,
    });

    const address = String(file.url_private_download);
    const got = await fetch(address, { headers: { authorization: `Bearer ${slack.botToken}` } });
    expect([got.headers.get('content-type'), await got.text()]).toEqual(['image/jpeg', 'a picture']);
    const without = await fetch(address);
    expect([without.status, without.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);

    const id = String(file.id);
    await expect(web.files.delete({ file: id })).rejects.toEqual(refused('cant_delete_file'));
    slack.mischief.botMayDeleteFiles = true;
    await web.files.delete({ file: id });
    await expect(web.files.info({ file: id })).rejects.toEqual(refused('file_deleted'));
    expect((await fetch(address, { headers: { authorization: `Bearer ${slack.botToken}` } })).status).toBe(404);
  });

  test('of the wrong kind or too many are refused by Slack itself', async () => {
    const modal = await openModal(app);
    const pdf = { ...photo, name: 'licence.pdf', mimetype: 'application/pdf' };
    const wrong = await slack.submit(U_SOFIA, modal, { ...filled, 'Licence photo': pdf });
    expect(wrong).toMatchObject({
      refusedBy: 'slack',
      labelledErrors: { 'Licence photo': expect.stringContaining('jpg') },
    });
    const many = await slack.submit(U_SOFIA, modal, { ...filled, 'Licence photo': [photo, photo] });
    expect(many.labelledErrors['Licence photo']).toContain('at most 1');
  });

  test('come without addresses where Slack Connect would ask for files.info', async () => {
    slack.mischief.filesNeedInfo = true;
    const modal = await openModal(app);
    await slack.submit(U_SOFIA, modal, { ...filled, 'Licence photo': photo });
    const file = slack.files().at(-1);
    expect((await web.files.info({ file: file?.id ?? '' })).file).toMatchObject({ name: 'licence.jpg', size: 9 });
  });

  test('of the bot go up in three steps and appear in the thread', async () => {
    const root = await web.chat.postMessage({ channel: 'C0DRIVES', text: 'report' });
    const bytes = Buffer.from('a,b\n1,2\n');
    const target = { channel_id: 'C0DRIVES', thread_ts: String(root.ts), initial_comment: 'Here' };
    await web.filesUploadV2({ file: bytes, filename: 'leads.csv', title: 'Leads', ...target });
    const posted = slack.thread('drives', String(root.ts)).at(-1);
    expect(posted).toMatchObject({
      text: 'Here',
      files: [{ name: 'leads.csv', title: 'Leads', mimetype: 'text/csv' }],
    });
    expect(Buffer.from(slack.files().at(-1)?.bytes ?? []).toString()).toBe('a,b\n1,2\n');
  });
});
