/** A wrong use of the simulator itself (not of Maya's API), with what to do about it. Becomes a JSON answer under `/_sim`. */
export class Mistake extends Error {
  override readonly name = 'Mistake';
  readonly status: number;
  readonly code: string;
  readonly mend: string;

  constructor(status: number, code: string, message: string, mend: string) {
    super(message);
    this.status = status;
    this.code = code;
    this.mend = mend;
  }
}
