/** The part of a PointModel that a model without parameters and running state needs. */
export abstract class StatelessModel {
  learn(): Float64Array {
    return new Float64Array(0);
  }

  restore(): void {}

  extend(): void {}

  dropFirst(): void {}
}
