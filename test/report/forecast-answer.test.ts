import { expect, it } from "vitest";
import { forecastPage } from "../../src/report/forecast-page.js";
import { forecastResult } from "./page-kinds.js";

it("calls a forecaster the cheapest only where its lead over all others is settled", () => {
  const result = forecastResult();
  const answerOf = (upper: number) => {
    const against = [...result.against, { model: "ensemble", against: "theta", ratio: 0.98, upper }];
    return forecastPage({ ...result, against }, "headrace forecast day.csv").answer;
  };
  expect(answerOf(0.99)).toMatchObject({
    tone: "better",
    sentence: "At 1 h ahead, ensemble is the cheapest forecaster to provision by.",
  });
  expect(answerOf(1.01)).toMatchObject({
    tone: "even",
    sentence: "At 1 h ahead, ensemble costs least to provision by, but its lead over theta is not settled.",
  });
});
