// The outbox: every mail as it will look, and whether it left.
#include "storage/outbox.h"
#include "web/page.h"
#include "web/pages/handlers.h"
#include "web/project_mail.h"
#include "web/saved_views.h"
#include "web/table_file.h"
#include "web/words.h"
#include "workflows/calendar.h"

namespace aiguillage::web {

namespace {

constexpr int kMailsPerPage = 50;
constexpr std::size_t kMailsInFile = 5000;
constexpr const char* kMailStatuses[] = {"pending",   "sending",        "sent",
                                         "uncertain", "failed",         "withdrawn",
                                         "skipped",   "not_configured", "not_deliverable"};

MailLook LookOf(Visit& visit, const storage::OutboxRow& row) {
  if (row.kind == "mail" && visit.services.preview_mail) return visit.services.preview_mail(row);
  return {row.kind == "ds" ? FirstUpper(DsEffectLabel(row.topic)) : row.topic, "", ""};
}

// A log-in link opens a door: nobody reads it here, not even the pilot.
bool IsSecret(const storage::OutboxRow& row) { return row.topic == "login_link"; }

storage::OutboxRow MailOf(Visit& visit) {
  auto row = visit.services.database.Read([&](storage::Session& session) {
    return storage::FindOutbox(session, std::stoll(visit.Parameter("mail")));
  });
  if (!row) throw HttpError(404, "Ce courriel n’existe pas.");
  return *row;
}

std::string PayloadText(const storage::OutboxRow& row) {
  for (const char* key : {"motivation", "body"}) {
    const auto found = row.payload.find(key);
    if (found != row.payload.end() && found->is_string()) return found->get<std::string>();
  }
  return "";
}

std::string ListAddress(const storage::OutboxFilter& filter, int page) {
  return "/courriels" + QueryOf({{"q", filter.text},
                                 {"etat", filter.status},
                                 {"genre", filter.kind},
                                 {"page", page > 1 ? std::to_string(page) : ""}});
}

storage::OutboxFilter MailFilter(const Visit& visit) {
  storage::OutboxFilter filter;
  for (const char* status : kMailStatuses) {
    if (visit.request.Query("etat") == status) filter.status = status;
  }
  const std::string kind = visit.request.Query("genre");
  if (kind == "mail" || kind == "ds") filter.kind = kind;
  filter.text = visit.request.Query("q").substr(0, 200);
  filter.calls = CallsFor(Rule::kOffice, *visit.visitor).Listed();
  return filter;
}

using NumberedMail = std::pair<storage::OutboxRow, std::string>;  // with the project's number

std::vector<NumberedMail> ReadMails(storage::Session& session,
                                    const storage::OutboxFilter& filter) {
  std::vector<NumberedMail> rows;
  for (auto& row : storage::ListOutbox(session, filter)) {
    const auto project = storage::FindProjectById(session, row.project);
    rows.emplace_back(std::move(row), project ? project->number : "");
  }
  return rows;
}

// Outside of a reading: a preview reads by itself.
std::string SubjectOf(Visit& visit, const storage::OutboxRow& row) {
  return IsSecret(row) ? "Lien de connexion" : LookOf(visit, row).subject;
}

// The whole list as filtered. Each subject is worded anew, so that the file is shorter than others.
TableFile MailTable(Visit& visit) {
  TableFile table{
      "Courriels",
      {"Objet", "À", "En copie", "Projet", "Préparé le", "Terminé le", "État", "Précision"},
      {}};
  storage::OutboxFilter filter = MailFilter(visit);
  filter.limit = static_cast<int>(kMailsInFile) + 1;
  const auto rows = visit.services.database.Read(
      [&](storage::Session& session) { return ReadMails(session, filter); });
  if (rows.size() > kMailsInFile) {
    throw HttpError(422, "Cette liste a plus de 5 000 lignes : filtrez-la avant de l’exporter.");
  }
  for (const auto& [row, number] : rows) {
    table.rows.push_back(
        {SubjectOf(visit, row), row.kind == "ds" ? "Démarches Simplifiées" : row.address,
         std::string(row.copy ? "oui" : ""), number,
         TableCell::Day(workflows::ParisDate(row.created_at)),
         TableCell::Day(row.done_at == 0 ? "" : workflows::ParisDate(row.done_at)),
         MailStatus(row.status).label, IsSecret(row) ? std::string() : row.detail});
  }
  return table;
}

}  // namespace

Response MailsCsv(Visit& visit) { return AnswerWith(MailTable(visit), "csv", "courriels"); }
Response MailsXlsx(Visit& visit) { return AnswerWith(MailTable(visit), "xlsx", "courriels"); }

Response MailsPage(Visit& visit) {
  storage::OutboxFilter filter = MailFilter(visit);
  const int page = PageAsked(visit);
  filter.limit = kMailsPerPage;
  filter.offset = (page - 1) * kMailsPerPage;
  View view;
  std::int64_t count = 0;
  std::vector<NumberedMail> rows;
  visit.services.database.Read([&](storage::Session& session) {
    count = storage::CountOutbox(session, filter);
    rows = ReadMails(session, filter);
    AddSavedViews(view, visit, session, ListAddress(filter, 1));
  });
  view.SetList("mails");
  for (const auto& [row, number] : rows) {
    const auto status = MailStatus(row.status);
    view.AddRow("mails")
        .Set("mail_subject", SubjectOf(visit, row))
        .Set("mail_href", "/courriels/" + std::to_string(row.id))
        .Set("mail_to", row.kind == "ds" ? "Démarches Simplifiées" : row.address)
        .Set("mail_copy", row.copy)
        .Set("mail_date", MailDay(row, visit.now))
        .Set("mail_number", number)
        .Set("mail_status", status.label)
        .Set("mail_tone", status.tone);
  }
  view.SetList("statuses");
  for (const char* status : kMailStatuses) {
    view.AddRow("statuses")
        .Set("option_value", status)
        .Set("option_label", FirstUpper(MailStatus(status).label))
        .Set("option_selected", filter.status == status);
  }
  const auto pages = std::max<std::int64_t>(1, (count + kMailsPerPage - 1) / kMailsPerPage);
  const std::string files = ListAddress(filter, 1).substr(std::string("/courriels").size());
  view.Set("count", Plural(count, "envoi", "envois"))
      .Set("csv_href", "/courriels.csv" + files)
      .Set("xlsx_href", "/courriels.xlsx" + files)
      .Set("text", filter.text)
      .Set("filtered", ListAddress(filter, 1) != "/courriels")
      .Set("only_mail", filter.kind == "mail")
      .Set("only_ds", filter.kind == "ds")
      .Set("several_pages", pages > 1)
      .Set("page_words", "page " + std::to_string(page) + " sur " + std::to_string(pages))
      .Set("previous", page > 1 ? ListAddress(filter, page - 1) : "")
      .Set("next", page < pages ? ListAddress(filter, page + 1) : "");
  return Page(visit, 200, "mails", "Courriels", std::move(view));
}

Response MailPage(Visit& visit) { return ShowMail(visit, 200, ""); }

Response ShowMail(Visit& visit, int status_code, const std::string& error) {
  const auto row = MailOf(visit);
  const auto status = MailStatus(row.status);
  const bool secret = IsSecret(row);
  const MailLook look = secret ? MailLook{"Lien de connexion", "", ""} : LookOf(visit, row);
  const auto project = visit.services.database.Read(
      [&](storage::Session& session) { return storage::FindProjectById(session, row.project); });
  View view;
  view.Set("subject", look.subject)
      .Set("error", error)
      .Set("to", row.kind == "ds" ? "Démarches Simplifiées" : row.address)
      .Set("copy", row.copy)
      .Set("status", status.label)
      .Set("tone", status.tone)
      .Set("detail", row.detail)
      .Set("attempts", std::to_string(row.attempts))
      .Set("created", workflows::FrenchInstant(row.created_at))
      .Set("planned", row.done_at == 0 ? workflows::FrenchInstant(row.not_before) : "")
      .Set("done_at", row.done_at != 0 ? workflows::FrenchInstant(row.done_at) : "")
      .Set("text", row.kind == "ds" ? PayloadText(row) : look.text)
      .Set("has_html", !look.html.empty())
      .Set("body_href", "/courriels/" + std::to_string(row.id) + "/corps")
      .Set("number", project ? project->number : "")
      .Set("secret", secret);
  AddHand(view, visit, row);
  Response response =
      Page(visit, status_code, "mail", (error.empty() ? "" : "Erreur : ") + look.subject,
           std::move(view), "envoi " + std::to_string(row.id));
  response.Header("Content-Security-Policy",
                  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
                  "font-src 'self'; frame-src 'self'; form-action 'self'; base-uri 'none'; "
                  "frame-ancestors 'none'");
  return response;
}

Response MailBody(Visit& visit) {
  const auto row = MailOf(visit);
  if (IsSecret(row)) throw HttpError(403, "Un lien de connexion ne se montre pas.");
  const MailLook look = LookOf(visit, row);
  if (look.html.empty()) throw HttpError(404, "Ce courriel n’a pas de mise en forme.");
  Response response = Html(200, look.html);
  // A document of its own: no script, no form, no network; its inline styles are the mail's.
  response.Header("Content-Security-Policy",
                  "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox; "
                  "frame-ancestors 'self'");
  return response;
}

}  // namespace aiguillage::web
