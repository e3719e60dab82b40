/** One status change that a server told, with everything there is to know of it. */
export interface Published {
  /** 1, 2, 3 … over all lives of the server's log: the order in which it truly happened. */
  readonly n: number;
  readonly id: string;
  /** Its number in the server's log of that life, from 1. */
  readonly sequence: number;
  readonly life: number;
  readonly contractId: string;
  readonly version: number;
  readonly title: string;
  readonly from: string | null;
  readonly to: string;
  readonly actionRequired: boolean;
  /** The envelope, letter by letter. */
  readonly envelope: string;
  /** True time at which it was published. */
  readonly at: number;
  /** `garbled`: cannot be read as the stream tells it, but well from history. `unreadable`: nowhere. */
  readonly form: 'good' | 'garbled' | 'unreadable';
  /** The server has it no more, in log or history. */
  gone: boolean;
  /** It has not happened any more: the server went back to a backup from before it. */
  undone: boolean;
}
