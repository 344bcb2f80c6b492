import { randomInt } from 'node:crypto';
import { createAnswerLog, createKeyBook, createSignIns } from './access/index.ts';
import { createNoteBook } from './agent/index.ts';
import { createAlerts } from './alerts/index.ts';
import { type AssistantDeps, createAssistant } from './assistant.ts';
import { createBookingDesk } from './assistant-bookings.ts';
import { createBookings, createCovers } from './bookings/index.ts';
import {
  createFollowUp,
  createPlanMoves,
  createStageChange,
  opensAt,
  postponedBy,
  touchedBy,
} from './cadence/index.ts';
import { createCarriers } from './carriers.ts';
import { wake } from './events/index.ts';
import { createHookBook } from './hooks/index.ts';
import {
  answered,
  type CatchUp,
  createCatchUp,
  createCorrection,
  createEnquiries,
  createEnrolment,
  createHandle,
  createInbox,
  createMailReports,
  createMedia,
  createPost,
  createReminders,
  createSourceLeads,
  createTakeover,
  createWebhookDesk,
  createWebhookLog,
  settled,
  takenBack,
} from './inbox/index.ts';
import { createCapture, createImports, createRescore, type FollowUp } from './leads/index.ts';
import { type AccountId, isId, newId, type PhoneId } from './lib/ids.ts';
import { memo } from './lib/memo.ts';
import { linkedPhones } from './linked-phones.ts';
import {
  applyStatuses,
  type Blocked,
  createAmend,
  createDesk,
  createDispatcher,
  createLeadWork,
  createLive,
  createMoveOn,
  createNewPeople,
  createOptOuts,
  createSenderPort,
  createStaffSms,
  createTemplates,
  createWhose,
  type DeskDeps,
  type DispatcherDeps,
  dropDrafts,
  limitAsConfigured,
  lookHome,
  overtakeAgent,
  planProblems,
  readTalks,
  type StatusReport,
} from './messaging/index.ts';
import { lockPerson } from './people/index.ts';
import { platformKey } from './platform-key.ts';
import { createPrivacy, rewrapKeys } from './privacy/index.ts';
import { createCounting, createDigests, createReports } from './reports/index.ts';
import type { Rooms, RoomsDeps } from './rooms-types.ts';
import {
  type Account,
  createCredentials,
  createForms,
  createLeadSources,
  createLogos,
  createRouting,
  createSettingChanges,
  createStaff,
  createTenants,
  createWorkspaceBook,
  defineTenantModels,
} from './tenants/index.ts';
import { loadTexts } from './texts.ts';

/*
 * The rooms, wired. Knows no edge: Slack, HTTP and jobs are put around it by `app.ts`; tests and benchmarks use it as
 * it is.
 */

export type { Rooms, RoomsDeps } from './rooms-types.ts';

const HTTP_TIMEOUT_MS = 5000;
const CONCURRENCY = 96;

export async function createRooms(deps: RoomsDeps): Promise<Rooms> {
  const { db, clock, log, keyring, publicUrl } = deps;
  defineTenantModels(db.sequelize);
  await lookHome(deps);
  const rewrapped = await rewrapKeys(db, keyring);
  if (rewrapped > 0) log.info({ rewrapped, key: keyring.current }, 'data keys wrapped by the first master key');
  const tenants = createTenants({ db, clock, keyring });
  const workspaces = createWorkspaceBook({ db, clock, keyring, changed: tenants.forget });
  const staff = createStaff({ db, clock });
  const texts = deps.texts ?? loadTexts();
  const { playbooks } = texts;
  const routing = createRouting({ db, clock });
  await routing.register([...deps.accounts], () => newId<AccountId>());
  await limitAsConfigured(db.system, deps.accounts);
  const statusUrl = (account: Account) => `${publicUrl}${deps.statusPath(account)}`;
  const credentials = createCredentials({ db, clock, tenants });
  const plans = { rules: planProblems, touched: touchedBy, postponed: postponedBy, opens: opensAt(clock) };
  const senders = createSenderPort({ clock, credentials, routing });
  const changes = createSettingChanges({ db, clock, tenants, playbooks, plans, senders });
  const { gateways, channels, health, gatewayAnswers } = createCarriers({
    db,
    clock,
    log,
    tenants,
    playbooks,
    routing,
    credentials,
    changes,
    platform: deps.gateways,
    own: deps.own,
    statusUrl,
  });
  const linkKey = await platformKey(db, keyring, 'links');
  const webhooks = createWebhookLog({ db, key: await platformKey(db, keyring, 'webhooks') });

  const leadSources = createLeadSources({ db, clock, tenants });
  const sourcePorts = deps.sourcePorts ?? new Map();

  const logos = createLogos({ db, fetcher: deps.pictureFetcher });
  const planMoves = createPlanMoves({ db, clock, tenants, routing, playbooks });
  const followUp: FollowUp = {
    ...createFollowUp({ tenants, routing }),
    again: planMoves.again,
    refit: planMoves.refit,
  };
  const capture = createCapture({ db, clock, tenants, playbooks, followUp });
  const optOuts = createOptOuts({ db, clock, tenants });
  const work = createLeadWork({ db, clock });
  // whatever the agent drafted is out of date once somebody has answered, or said that it needs no answer
  const answers: DeskDeps['answers'] & AssistantDeps['answers'] = {
    takenBack,
    async answered(tx, answer, now) {
      if (answer.staffId) await overtakeAgent(tx, answer.personId, 'taken_over', now);
      else await dropDrafts(tx, answer.personId, now);
      return answered(tx, answer, now);
    },
    async settled(tx, personId) {
      await dropDrafts(tx, personId, clock.now());
      return settled(tx, personId);
    },
  };
  const stageChange = createStageChange({ tenants, followUp });
  const moves = createMoveOn({ clock, tenants, playbooks, stageChange });
  const desk = createDesk({ db, clock, tenants, routing, playbooks, optOuts, answers, moves });
  const templates = createTemplates({ db, clock, log, tenants, routing, playbooks, gateways });
  const bookings = createBookings({ db, clock, tenants, routing, playbooks });
  const assistant = createAssistant({
    db,
    clock,
    log,
    tenants,
    staff,
    playbooks,
    routing,
    optOuts,
    moves,
    work,
    answers,
    bookings: createBookingDesk({ bookings, tenants, clock }),
    agents: texts.agents,
    prompts: texts.prompts,
    ...(deps.model && { model: deps.model }),
    ...(deps.observeTurn && { observeTurn: deps.observeTurn }),
    ...(deps.observeUsage && { observeUsage: deps.observeUsage }),
  });
  const privacy = createPrivacy({
    db,
    clock,
    log,
    tenants,
    staff,
    playbooks,
    routing,
    optOuts,
    webhooks,
    gateways,
    buckets: deps.buckets ?? [],
    model: deps.model?.name,
  });

  const reports = createReports({ db, playbooks });
  const handle = createHandle({ db, clock, tenants, playbooks, optOuts, gatewayAnswers });
  const inbox = createInbox({ db, clock, log, webhooks, handle, onMissed: () => catchUp.missed() });
  const catchUp: CatchUp = createCatchUp({
    db,
    log,
    gateways,
    receive: (message) => inbox.receive(message, 'listed', { message: JSON.stringify(message) }),
  });

  /** A gateway that blocks somebody has been told to stop by them. In flight there is nothing: it refused. */
  const onOptedOut = async (message: Blocked) => {
    await db.inTenant(message.tenantId, async (tx) => {
      if (!(await lockPerson(tx, message.personId))) return;
      await optOuts.apply(tx, {
        personId: message.personId,
        scope: 'all',
        by: 'gateway',
        actor: 'gateway',
        messageId: message.id,
      });
    });
  };
  const worker = randomInt(1, 2 ** 31 - 1);
  const statuses = (reports: readonly StatusReport[]) =>
    applyStatuses({ db, clock, worker, playbooks, tenants, health, onOptedOut }, reports);
  const report = async (reports: readonly StatusReport[]) => {
    if (reports.length > 0 && (await statuses(reports))) await wake(db.system, 'messages');
  };
  const post = createPost({
    db,
    clock,
    optOuts,
    receive: (message) => inbox.receive(message, 'mail.inbound', { message: JSON.stringify(message) }),
    keep: ({ account, id, place }) =>
      inbox.keep('mail.inbound', `${account}/${id}`, { account, place }, 'unreadable_letter'),
    report: (reports) => report(reports.filter(({ messageId }) => isId(messageId))),
  });
  const phones = linkedPhones({ ...deps, tenants, staff, changes, worker, routing, inbox, optOuts, report });
  const serveable = memo(clock, 1000, async () => {
    await lookHome(deps);
    return catchUp.serveable();
  });
  const newPeople = createNewPeople({ db, clock });
  const dispatching: DispatcherDeps = {
    db,
    clock,
    log,
    tenants,
    routing,
    playbooks,
    linkKey,
    publicUrl,
    gateways,
    health,
    talks: (messages) => readTalks(db.system, messages),
    newPeople,
    statusPath: deps.statusPath,
    ...(deps.calendar && { calendar: deps.calendar }),
    serveable: () => serveable.get('all'),
    unheard: catchUp.unheard,
    worker,
    httpTimeoutMs: deps.httpTimeoutMs ?? HTTP_TIMEOUT_MS,
    concurrency: deps.concurrency ?? CONCURRENCY,
    onOptedOut,
    ...(deps.observeSend && { observe: deps.observeSend }),
  };
  return {
    ...assistant,
    ...privacy,
    tenants,
    changes,
    logos,
    planMoves,
    workspaces,
    staff,
    playbooks,
    routing,
    credentials,
    gateways,
    channels,
    newPeople,
    capture,
    forms: createForms({ db, clock }),
    staffSms: createStaffSms({
      clock,
      routing,
      gateways,
      publicUrl,
      statusPath: deps.statusPath,
      httpTimeoutMs: deps.httpTimeoutMs ?? HTTP_TIMEOUT_MS,
    }),
    mailReports: createMailReports({ db, log, webhooks, post }),
    enquiries: createEnquiries({ log, webhooks, capture, tenants, playbooks }),
    leadSources,
    sourcePorts,
    sourceLeads: createSourceLeads({
      log,
      webhooks,
      capture,
      tenants,
      playbooks,
      sources: leadSources,
      ports: sourcePorts,
    }),
    rescore: createRescore({ db, clock, tenants, playbooks }),
    desk,
    amend: createAmend({ work, clock, tenants, playbooks, staff, plans: planMoves }),
    whose: createWhose({ db, clock, work, staff, playbooks }),
    enrolment: createEnrolment({ work, clock, tenants, playbooks, followUp }),
    imports: createImports({ db, clock, tenants, playbooks, capture, followUp }),
    noteBook: createNoteBook({ work, tenants }),
    apiKeys: createKeyBook({ db, clock }),
    signIns: createSignIns({ db, clock, key: await platformKey(db, keyring, 'api-tokens') }),
    apiAnswers: createAnswerLog({ db, clock, tenants }),
    hooks: createHookBook({ db, clock, tenants, sender: deps.hookSender }),
    optOuts,
    templates,
    live: createLive({ db, clock, tenants }),
    bookings,
    inbox,
    takeover: createTakeover({ work, clock, tenants }),
    reminders: createReminders({ db, clock, tenants }),
    media: createMedia({ db, clock, log, tenants, gateways }),
    correction: createCorrection({ work, clock, tenants, playbooks, followUp }),
    webhooks,
    webhookDesk: createWebhookDesk({ db, clock, tenants, webhooks }),
    catchUp,
    counting: createCounting({ db, playbooks }),
    reports,
    alerts: createAlerts({ db, clock }),
    covers: createCovers({ db, clock }),
    digests: createDigests({ db, clock, tenants, staff, reports }),
    dispatcher: createDispatcher(dispatching),
    dispatching,
    post,
    phones,
    senderHandlers: {
      async 'sender.settle'({ tenantId, key }) {
        await channels.settle(tenantId, key as AccountId);
        await phones.settled(tenantId, key as AccountId);
      },
      'phone.use': ({ tenantId, key }) => phones.useLinked(tenantId, key as PhoneId),
    },
    statuses,
    linkKey,
    worker,
  };
}
