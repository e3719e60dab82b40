import type { Args } from '../said.ts';
import type { Model } from '../model.ts';
import type { ContractKey, Sentence } from '../sentence.ts';
import { somethingIsMissing } from '../truths.ts';

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
  },
  'contract.action.held': { means: 'it has not been sent yet', when: isHeld },
  'contract.action.heldNow': {
    means: 'it has not been sent yet, and is about to be, over a connection that works',
    when: (model, args) => isHeld(model, args) && model.open !== null,
    graceMs: 15 * SECOND,
  },
  'contract.action.waiting': {
    means: 'it has not been sent, and there is no connection to send it over',
    when: waits,
  },
  'acknowledgement.waiting': { means: 'as `contract.action.waiting`', when: waits },
  'contract.action.sending': {
    means: 'it is on its way, over a connection that works',
    when: isBeingSent,
    graceMs: 5 * SECOND,
  },
  'contract.action.sent': {
    means: 'the server has it',
    when: serverHasIt,
  },
  'contract.action.failed': {
    means: 'the server itself has refused it',
    when: (model, args) => serverRefused(model, args, (status) => status >= 400 && status !== 409),
  },
  'contract.action.failedSafe': {
    means: 'it is in the file',
    when: (model, { contractId }) => model.file.outbox.has(String(contractId)),
  },
  'contract.action.superseded': {
    means: 'the contract has a newer change than the one it was for',
    when: (model, { contractId }) => {
      const entry = model.file.outbox.get(String(contractId));
      return (
        entry !== undefined &&
        (model.server.contracts().get(String(contractId))?.version ?? 0) > entry.version
      );
    },
  },
  'acknowledgement.held': { means: 'as `contract.action.held`', when: isHeld },
  'acknowledgement.sending': {
    means: 'as `contract.action.sending`',
    when: isBeingSent,
    graceMs: 5 * SECOND,
  },
  'acknowledgement.sent': { means: 'as `contract.action.sent`', when: serverHasIt },
  'acknowledgement.failed': {
    means: 'as `contract.action.failed`',
    when: (model, args) => serverRefused(model, args, (status) => status >= 400 && status !== 409),
  },
  'acknowledgement.superseded': {
    means: 'as `contract.action.superseded`',
    when: (model, { contractId }) => {
      const entry = model.file.outbox.get(String(contractId));
      return (
        entry !== undefined &&
        (model.server.contracts().get(String(contractId))?.version ?? 0) > entry.version
      );
    },
  },
  'contract.hole': {
    means: 'a change of this contract is missing, and the receipt does not say the contrary',
    when: (model, { contractId }, others) =>
      (model.missing().some((event) => event.contractId === contractId) || somethingIsMissing(model)) &&
      !others.has('receipt.complete'),
    graceMs: 10 * SECOND,
  },
  'contract.gap': {
    means: 'so many versions below this one are not stored',
    when: (model, { contractId }) =>
      model.missing().some((event) => event.contractId === contractId) ||
      model.brokenOff ||
      model.baseline === null,
    graceMs: 10 * SECOND,
  },
};
