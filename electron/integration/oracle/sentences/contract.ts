import type { Args } from '../said.ts';
import type { Model } from '../model.ts';
import type { ContractKey, Sentence } from '../sentence.ts';
import { cutOffMs, isOpenedMissing, isSteady, somethingIsMissing } from '../truths.ts';

const SECOND = 1_000;
const label: Sentence = { plain: 'a button, or the name of one' };

const acknowledgements = (model: Model, { contractId }: Args) =>
  model.wire.log.filter((one) => one.kind === 'acknowledge' && one.contractId === contractId);

/** Waits on this computer for its time to be sent. */
const isHeld = (model: Model, { contractId }: Args): boolean =>
  model.file.outbox.get(String(contractId))?.state === 'held';

/** On its way now: a request is under way, or will be at the next moment of a connection that works. */
function isBeingSent(model: Model, args: Args): boolean {
  const entry = model.file.outbox.get(String(args['contractId']));
  if (entry?.state !== 'sending') return false;
  return model.open !== null || acknowledgements(model, args).some((one) => one.ended === null);
}

function wasNotConfirmed(model: Model, args: Args): boolean {
  const entry = model.file.outbox.get(String(args['contractId']));
  if (entry?.state !== 'sending') return false;
  return acknowledgements(model, args).some(({ ended }) => ended !== null);
}

function waits(model: Model, { contractId }: Args): boolean {
  const state = model.file.outbox.get(String(contractId))?.state;
  return (
    (state === 'held' || state === 'sending') &&
    (model.open === null || (model.connectedMs ?? 0) < 3 * SECOND)
  );
}

/** By its own answer, or by its books. */
function serverHasIt(model: Model, args: Args): boolean {
  const { contractId, version } = args;
  const accepted = acknowledgements(model, args).some(
    (one) => one.answer?.by === 'server' && one.answer.status < 300,
  );
  return accepted || (model.server.contracts().get(String(contractId))?.acknowledged ?? 0) >= Number(version);
}

const serverRefused = (model: Model, args: Args, statuses: (status: number) => boolean): boolean =>
  acknowledgements(model, args).some(({ answer }) => answer?.by === 'server' && statuses(answer.status));

/** By the server's books; or by its own answer, though it went back since to a time from before the newer change. */
function isSuperseded(model: Model, args: Args): boolean {
  const contractId = String(args['contractId']);
  const entry = model.file.outbox.get(contractId);
  if (entry === undefined) return false;
  const isBack = model.server.life > 1 && serverRefused(model, args, (status) => status === 409);
  return isBack || (model.server.contracts().get(contractId)?.version ?? 0) > entry.version;
}

const isOnline = (model: Model): boolean => isSteady(model, 10 * SECOND);
const isOffline = (model: Model): boolean =>
  (model.signedInMs ?? 0) > 5 * SECOND && cutOffMs(model) > 5 * SECOND;

interface Opened {
  readonly needsAction: boolean;
  /** Of its newest acknowledgement; null: there is none. */
  readonly state: string | null;
  /** It is for the contract's newest change. */
  readonly isCurrent: boolean;
  readonly dueInMs: number;
}

/** The contract that the person has opened, by the file. */
function opened(
  { opened: contractId, file, computerNow }: Model,
  test: (opened: Opened) => boolean,
): boolean {
  const contract = contractId === null ? undefined : file.contracts.get(contractId);
  if (contractId === null || contract === undefined) return false;
  const entry = file.outbox.get(contractId);
  return test({
    needsAction: contract.needsAction,
    state: entry?.state ?? null,
    // After the server went back the same version may be another change.
    isCurrent: entry?.version === contract.version && entry.eventId === contract.lastEventId,
    dueInMs: (entry?.dueAt ?? 0) - computerNow,
  });
}

/** Of the open contract a version is here, and a later one, and not what lies between. */
function lacksVersions({ opened: contractId, file }: Model): boolean {
  const versions = [...file.stored]
    .filter((event) => event.contractId === contractId)
    .map(({ version }) => version);
  const here = new Set(versions);
  for (let version = Math.min(...versions); version < Math.max(...versions); version += 1)
    if (!here.has(version)) return true;
  return false;
}

const ACTIONS: readonly ContractKey[] = [
  'contract.action.held',
  'contract.action.waiting',
  'contract.action.sending',
  'contract.action.sent',
  'contract.action.failed',
  'contract.action.superseded',
];

export const CONTRACT_SENTENCES: Record<ContractKey, Sentence> = {
  'contract.action.text': label,
  'contract.action.acknowledge': label,
  'contract.action.undo': label,
  'contract.action.acknowledgeAgain': label,
  'contract.action.supersededText': { plain: 'an advice' },
  'contract.action.sentAt': { plain: 'it names the time beside `contract.action.sent`' },
  'contract.action.sentBy': { plain: 'it names the person beside `contract.action.sent`' },
  'contract.action.title': {
    means: 'the newest change of the contract waits for somebody, by the file',
    when: (model, { contractId }) => model.file.contracts.get(String(contractId))?.needsAction === true,
    must: {
      when: (model) => opened(model, ({ needsAction, state }) => needsAction && state === null),
      withinMs: 3 * SECOND,
      or: ACTIONS,
    },
  },
  'contract.action.held': {
    means: 'it has not been sent yet',
    when: isHeld,
    must: {
      when: (model) =>
        isOnline(model) &&
        opened(
          model,
          ({ state, isCurrent, dueInMs }) => isCurrent && state === 'held' && dueInMs > 2 * SECOND,
        ),
      withinMs: 3 * SECOND,
      or: ['contract.action.waiting'],
    },
  },
  'contract.action.waiting': {
    means: 'it has not been sent, and there is no connection to send it over',
    when: waits,
    must: {
      when: (model) =>
        isOffline(model) &&
        opened(model, ({ state, isCurrent }) => isCurrent && (state === 'held' || state === 'sending')),
      withinMs: 5 * SECOND,
    },
  },
  'acknowledgement.waiting': {
    means: 'as `contract.action.waiting`',
    when: waits,
    must: {
      when: (model) =>
        isOffline(model) &&
        opened(model, ({ state, isCurrent }) => isCurrent && (state === 'held' || state === 'sending')),
      withinMs: 5 * SECOND,
    },
  },
  'contract.action.sending': {
    means: 'it is on its way, over a connection that works',
    when: isBeingSent,
    graceMs: 5 * SECOND,
    must: {
      when: (model) =>
        isOnline(model) && opened(model, ({ state, isCurrent }) => isCurrent && state === 'sending'),
      withinMs: 5 * SECOND,
      or: ['contract.action.unconfirmed'],
    },
  },
  'contract.action.unconfirmed': {
    means: 'it was sent, and no answer of the server has said that it has it',
    when: wasNotConfirmed,
    boundWith: 'contract.action.sending',
  },
  'contract.action.sent': {
    means: 'the server has it',
    when: serverHasIt,
    must: {
      when: (model) => opened(model, ({ state, isCurrent }) => state === 'sent' && isCurrent),
      withinMs: 5 * SECOND,
    },
  },
  'contract.action.failed': {
    means: 'the server itself has refused it',
    when: (model, args) => serverRefused(model, args, (status) => status >= 400 && status !== 409),
    must: {
      when: (model) => opened(model, ({ state, isCurrent }) => state === 'failed' && isCurrent),
      withinMs: 5 * SECOND,
    },
  },
  'contract.action.failedSafe': {
    means: 'it is in the file',
    when: (model, { contractId }) => model.file.outbox.has(String(contractId)),
    must: {
      when: (model) => opened(model, ({ state, isCurrent }) => state === 'failed' && isCurrent),
      withinMs: 5 * SECOND,
    },
  },
  'contract.action.superseded': {
    means: 'the contract has a newer change than the one it was for',
    when: isSuperseded,
    must: {
      when: (model) => opened(model, ({ state, isCurrent }) => isCurrent && state === 'superseded'),
      withinMs: 5 * SECOND,
    },
  },
  'acknowledgement.held': {
    means: 'as `contract.action.held`',
    when: isHeld,
    must: {
      when: (model) =>
        opened(
          model,
          ({ state, isCurrent, dueInMs }) => isCurrent && state === 'held' && dueInMs > 2 * SECOND,
        ),
      withinMs: 3 * SECOND,
      or: ['acknowledgement.waiting'],
    },
  },
  'acknowledgement.sending': {
    means: 'as `contract.action.sending`',
    when: isBeingSent,
    graceMs: 5 * SECOND,
    must: {
      when: (model) =>
        isOnline(model) && opened(model, ({ state, isCurrent }) => isCurrent && state === 'sending'),
      withinMs: 5 * SECOND,
      or: ['acknowledgement.unconfirmed'],
    },
  },
  'acknowledgement.unconfirmed': {
    means: 'as `contract.action.unconfirmed`',
    when: wasNotConfirmed,
    boundWith: 'acknowledgement.sending',
  },
  'acknowledgement.sent': {
    means: 'as `contract.action.sent`',
    when: serverHasIt,
    must: {
      when: (model) => opened(model, ({ state, isCurrent }) => state === 'sent' && isCurrent),
      withinMs: 5 * SECOND,
    },
  },
  'acknowledgement.failed': {
    means: 'as `contract.action.failed`',
    when: (model, args) => serverRefused(model, args, (status) => status >= 400 && status !== 409),
    must: {
      when: (model) => opened(model, ({ state, isCurrent }) => state === 'failed' && isCurrent),
      withinMs: 5 * SECOND,
    },
  },
  'acknowledgement.superseded': {
    means: 'as `contract.action.superseded`',
    when: isSuperseded,
    must: {
      when: (model) => opened(model, ({ state, isCurrent }) => isCurrent && state === 'superseded'),
      withinMs: 5 * SECOND,
    },
  },
  'contract.incomplete': {
    means: 'a change of this contract is missing, and the receipt does not say the contrary',
    when: (model, { contractId }, others) =>
      (model.missing().some((event) => event.contractId === contractId) || somethingIsMissing(model)) &&
      !others.has('receipt.complete'),
    graceMs: 10 * SECOND,
    must: {
      when: (model) => model.open !== null && isOpenedMissing(model),
      withinMs: 30 * SECOND,
    },
  },
  'contract.gap': {
    means: 'so many versions below this one are not stored',
    when: (model, { contractId }) =>
      model.missing().some((event) => event.contractId === contractId) ||
      model.brokenOff ||
      model.baseline === null,
    graceMs: 10 * SECOND,
    must: { when: lacksVersions, withinMs: 5 * SECOND },
  },
};
