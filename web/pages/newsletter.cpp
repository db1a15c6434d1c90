// The draft of the month's newsletter: read it, copy it, take it along.
#include "web/newsletter.h"

#include "web/page.h"
#include "web/words.h"
#include "workflows/calendar.h"

namespace aiguillage::web {

namespace {

std::string ThisMonth(const Visit& visit) { return workflows::ParisDate(visit.now).substr(0, 7); }

// Asked for, else the last one that is over.
std::string MonthOf(const Visit& visit) {
  const std::string asked = visit.request.Query("mois");
  return asked.empty() ? MonthAfter(ThisMonth(visit), -1) : asked;
}

Newsletter Letter(Visit& visit, const std::string& month) {
  if (!IsMonth(month)) throw HttpError(422, "Un mois s’écrit comme 2027-05.");
  return visit.services.database.Read([&](storage::Session& session) {
    return ReadNewsletter(session, month, workflows::ParisDate(visit.now),
                          CallsFor(Rule::kOffice, *visit.visitor));
  });
}

Response TakeAlong(std::string text, const std::string& type, const std::string& name) {
  Response response = Text(200, std::move(text));
  response.type = type;
  response.Header("Content-Disposition", AttachmentOf(name));
  return response;
}

}  // namespace

Response NewsletterPage(Visit& visit) {
  const std::string asked = MonthOf(visit);
  const bool known = IsMonth(asked);
  const std::string month = known ? asked : MonthAfter(ThisMonth(visit), -1);
  const Newsletter letter = Letter(visit, month);
  View view;
  view.SetList("groups");
  for (const auto& group : letter.groups) {
    View& row = view.AddRow("groups");
    row.Set("group_label", group.label).SetList("items");
    for (const auto& item : group.items) {
      row.AddRow("items")
          .Set("item_title", item.title)
          .Set("item_url", item.url)
          .Set("item_line", item.description)
          .Set("item_day", FrenchIsoDate(item.day))
          .Set("item_href", "/projets/" + item.number);
    }
  }
  view.Set("letter_title", letter.Title())
      .Set("month", month)
      .Set("month_words", workflows::MonthWords(month))
      .Set("error", known ? "" : "Un mois s’écrit comme 2027-05.")
      .Set("running", month == ThisMonth(visit))
      .Set("before_href", "/pilotage/infolettre?mois=" + MonthAfter(month, -1))
      .Set("after_href",
           month >= ThisMonth(visit) ? "" : "/pilotage/infolettre?mois=" + MonthAfter(month, 1))
      .Set("markdown_href", "/pilotage/infolettre.md?mois=" + month)
      .Set("html_href", "/pilotage/infolettre.html?mois=" + month)
      .Set("markdown", MarkdownOf(letter));
  return Page(visit, known ? 200 : 422, "newsletter",
              known ? "Infolettre : " + workflows::MonthWords(month) : "Erreur : Infolettre",
              std::move(view));
}

Response NewsletterMarkdown(Visit& visit) {
  const std::string month = MonthOf(visit);
  return TakeAlong(MarkdownOf(Letter(visit, month)), "text/markdown; charset=utf-8",
                   "infolettre-" + month + ".md");
}

Response NewsletterHtml(Visit& visit) {
  const std::string month = MonthOf(visit);
  return TakeAlong(
      "<!DOCTYPE html>\n<html lang=\"fr\">\n<head><meta charset=\"utf-8\">"
      "<title>Infolettre</title></head>\n<body>\n" +
          HtmlOf(Letter(visit, month)) + "</body>\n</html>\n",
      "text/html; charset=utf-8", "infolettre-" + month + ".html");
}

}  // namespace aiguillage::web
