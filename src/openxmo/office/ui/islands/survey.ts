// The page on which somebody answers: the definition comes as JSON, the answers go back as JSON to the form's own
// address. Without script, or when this fails to start, the plain form that the page holds stays and works.
import "survey-core/survey-core.fontless.min.css";
import "./survey.css";
import { Model, SvgRegistry } from "survey-core";
import { renderSurvey } from "survey-js-ui";

const definition = document.getElementById("survey-definition");
const form = document.querySelector<HTMLFormElement>("form[data-survey]") ?? document.querySelector<HTMLFormElement>("#survey-form");
if (definition && form) start(JSON.parse(definition.textContent ?? "{}"), form);

function start(shape: object, plain: HTMLFormElement): void {
  leaveOutInlineStyles();
  const survey = new Model(shape);
  for (const question of survey.getAllQuestions()) {
    if (question.getType() === "rating") question.displayMode = "buttons";
  }
  survey.locale = document.documentElement.lang;
  survey.focusFirstQuestionAutomatic = false;
  survey.onCompleting.add((sender, options) => {
    options.allow = false; // the thank-you is only shown once the answers are kept
    void send(sender, plain);
  });
  const place = document.createElement("div");
  place.className = "survey-place";
  plain.before(place);
  renderSurvey(survey, place);
  plain.hidden = true;
}

/** Some of the library's icons carry a style of their own, which the content policy forbids. */
function leaveOutInlineStyles(): void {
  for (const [name, icon] of Object.entries(SvgRegistry.icons)) {
    SvgRegistry.icons[name] = icon.replace(/ style="[^"]*"/g, "");
  }
}

async function send(survey: Model, plain: HTMLFormElement): Promise<void> {
  const token = plain.querySelector<HTMLInputElement>("[name=csrfmiddlewaretoken]")?.value ?? "";
  say("");
  try {
    const reply = await fetch(plain.action, {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-CSRFToken": token, Accept: "application/json" },
      body: JSON.stringify(survey.data),
    });
    if (reply.ok) return location.replace(plain.dataset.thanks ?? location.href); // a reload then asks nothing twice
    const told = (await reply.json().catch(() => ({}))) as { message?: string };
    say(told.message ?? plain.dataset.failed ?? "");
  } catch {
    say(plain.dataset.failed ?? "");
  }
}

function say(words: string): void {
  let line = document.getElementById("survey-said");
  if (!line) {
    line = document.createElement("p");
    line.id = "survey-said";
    line.className = "form-wrong";
    line.setAttribute("role", "alert");
    document.querySelector(".survey-place")?.after(line);
  }
  line.textContent = words;
  line.hidden = !words;
}
