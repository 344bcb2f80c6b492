// Which part of the house may use which: imports run one way, rooms are entered by their door, SDKs stay at the edge.
const ROOMS = 'backup|tenants|access|hooks|people|leads|cadence|messaging|bookings|agent|inbox|phones|privacy|reports|alerts|audit';
const EDGES = 'slack|http|jobs|vendors|sandbox';

/** Rooms in order: each may use those before it. */
const ORDER = ['tenants', 'people', 'leads', 'cadence', 'messaging', 'bookings', 'agent', 'inbox', 'phones'];

const forbid = (name, from, to, comment) => ({ name, severity: 'error', comment, from, to });

module.exports = {
  forbidden: [
    forbid('no-circles', {}, { circular: true }, 'Two files that need each other are one thought: move it to where both can use it.'),
    forbid('lib-knows-nobody', { path: '^src/lib/' }, { path: '^src/(?!lib/)' }, 'lib/ knows no domain.'),
    forbid('db-knows-lib', { path: '^src/db/' }, { path: '^src/(?!lib/|db/)' }, 'db/ knows only lib/.'),
    forbid('events-below-rooms', { path: '^src/events/' }, { path: '^src/(?!lib/|db/|events/)' }, 'events/ lies below the rooms.'),
    forbid('rooms-know-no-edge', { path: `^src/(${ROOMS})/` }, { path: `^src/(${EDGES})/` }, 'Rooms know no edge; the edge calls the room.'),
    ...ORDER.map((room, index) =>
      forbid(
        `${room}-uses-lower-rooms`,
        { path: `^src/${room}/` },
        { path: `^src/(${[...ORDER.slice(index + 1), 'privacy', 'reports', 'alerts', 'audit'].join('|')})/` },
        `${room}/ lies below these rooms.`,
      ),
    ),
    forbid(
      'access-and-hooks-know-tenants',
      { path: '^src/(access|hooks)/' },
      { path: `^src/(${[...ORDER.slice(1), 'privacy', 'reports', 'audit'].join('|')})/` },
      'They know tenants and events, nothing of leads.',
    ),
    forbid(
      'rooms-by-their-door',
      { path: '^src/([^/]+)/' },
      { path: `^src/(${ROOMS}|events|db)/(?!index\\.ts$|port\\.ts$)`, pathNot: '^src/$1/' },
      'A room is entered through its index.ts, its port by whoever implements it.',
    ),
    forbid('sdk-slack', { pathNot: '^src/slack/' }, { path: 'node_modules/@slack/' }, 'Only slack/ imports Slack.'),
    forbid('sdk-twilio', { pathNot: '^src/vendors/twilio/' }, { path: 'node_modules/twilio/' }, 'Only vendors/twilio imports Twilio.'),
    forbid(
      'sdk-whatsapp-web',
      { pathNot: '^src/vendors/whatsapp-web/' },
      { path: 'node_modules/whatsapp-web.js/' },
      'Only vendors/whatsapp-web imports the library, and only when a phone is linked.',
    ),
    forbid('sdk-openai', { pathNot: '^src/vendors/openai/' }, { path: 'node_modules/openai/' }, 'Only vendors/openai imports OpenAI.'),
    forbid('sdk-aws', { pathNot: '^src/vendors/s3/' }, { path: 'node_modules/@aws-sdk/' }, 'Only vendors/s3 imports Amazon’s SDK.'),
    forbid('sdk-agenda', { pathNot: '^src/jobs/' }, { path: 'node_modules/(agenda|@agendajs)/' }, 'Only jobs/ imports Agenda.'),
    forbid(
      'sdk-express',
      { pathNot: '^src/(http|slack|sandbox)/|^src/app\\.ts$' },
      { path: 'node_modules/express/' },
      'Express stays at the edge.',
    ),
    forbid(
      'backup-knows-the-database',
      { path: '^src/backup/' },
      { path: '^src/(?!lib/|db/|backup/)' },
      'backup/ copies files and knows no domain.',
    ),
    forbid('one-reader-of-env', { path: `^src/(${ROOMS}|slack|http|jobs|vendors|lib|db|events)/` }, { path: '^src/(config|main|app)\\.ts$' }, 'Configuration is handed in.'),
  ],
  options: {
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    includeOnly: '^src|node_modules/(@slack|@aws-sdk|twilio|openai|agenda|@agendajs|express|whatsapp-web.js)/',
    enhancedResolveOptions: { extensions: ['.ts', '.js'], exportsFields: ['exports'], conditionNames: ['import', 'node', 'default'] },
  },
};
