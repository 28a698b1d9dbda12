// The Theta method as in R's forecast::thetaf (Assimakopoulos and Nikolopoulos 2000; Hyndman and
// Billah 2003): a classical decomposition by the day, exponential smoothing with the gain of
// least squared error, half of the linear trend. A reference that shares no code with Headrace.

/** The next `bins` values of `y`, a day of which is `dayBins` bins (an even number). */
export function classicTheta(y, dayBins, bins) {
  const season = decompose(y, dayBins);
  const adjusted = Float64Array.from(y, (value, t) => season.without(value, t % dayBins));
  let gain = 0.01;
  let least = Number.POSITIVE_INFINITY;
  for (let step = 0; step < 50; step++) {
    const { squares } = smooth(adjusted, 0.01 + 0.02 * step);
    if (squares < least) [gain, least] = [0.01 + 0.02 * step, squares];
  }
  const { level } = smooth(adjusted, gain);
  const drift = slope(adjusted) / 2;
  const past = (1 - (1 - gain) ** y.length) / gain;
  return Float64Array.from({ length: bins }, (_, k) =>
    Math.max(0, season.with(level + drift * (k + past), (y.length + k) % dayBins)),
  );
}

/**
 * Factors by time of day about a centred mean over a day; additive terms if a factor would be 0.
 */
function decompose(y, dayBins) {
  const half = dayBins / 2;
  const sums = new Float64Array(y.length + 1);
  y.forEach((value, t) => {
    sums[t + 1] = sums[t] + value;
  });
  const trend = (t) => (0.5 * (y[t - half] + y[t + half]) + sums[t + half] - sums[t - half + 1]) / dayBins;
  const factors = means(y, dayBins, (t) => (trend(t) > 0 ? y[t] / trend(t) : 1));
  const size = factors.reduce((sum, factor) => sum + factor, 0) / dayBins;
  if (factors.every((factor) => factor > 1e-6 * size))
    return { without: (value, i) => (value * size) / factors[i], with: (value, i) => (value * factors[i]) / size };
  const summands = means(y, dayBins, (t) => y[t] - trend(t));
  const centre = summands.reduce((sum, one) => sum + one, 0) / dayBins;
  return { without: (value, i) => value - summands[i] + centre, with: (value, i) => value + summands[i] - centre };
}

function means(y, dayBins, at) {
  const sums = new Float64Array(dayBins);
  const counts = new Float64Array(dayBins);
  for (let t = dayBins / 2; t + dayBins / 2 < y.length; t++) {
    sums[t % dayBins] += at(t);
    counts[t % dayBins]++;
  }
  return sums.map((sum, i) => sum / counts[i]);
}

function smooth(y, gain) {
  let level = y[0];
  let squares = 0;
  for (let t = 1; t < y.length; t++) {
    const off = y[t] - level;
    squares += off * off;
    level += gain * off;
  }
  return { level, squares };
}

function slope(y) {
  const middle = (y.length - 1) / 2;
  let product = 0;
  let square = 0;
  y.forEach((value, t) => {
    product += (t - middle) * value;
    square += (t - middle) * (t - middle);
  });
  return product / square;
}
