#include "web/words.h"

#include <map>
#include <utility>

#include "storage/calls.h"
#include "web/visit.h"
#include "workflows/calendar.h"
#include "workflows/flow.h"

namespace aiguillage::web {

namespace {

std::int64_t DaysBetween(std::int64_t from, std::int64_t to) {
  return workflows::DaysLeft(workflows::DeadlineUnit::kDays, from, to, {});
}

}  // namespace

const std::string& NameOf(const storage::Person& person) {
  return person.name.empty() ? person.email : person.name;
}

std::string SinceWords(std::int64_t since, std::int64_t now) {
  if (since == 0) return "";
  const auto days = workflows::DaysLeft(workflows::DeadlineUnit::kWorkingDays, since, now, {});
  if (days <= 0) return DaysBetween(since, now) <= 0 ? "depuis aujourd’hui" : "depuis peu";
  return "depuis " + std::to_string(days) + (days == 1 ? " jour ouvré" : " jours ouvrés");
}

std::string DueWords(std::int64_t due, std::int64_t now) {
  if (due == 0) return "";
  if (due < now) {
    const auto days = std::max<std::int64_t>(1, DaysBetween(due, now));
    return "en retard de " + Plural(days, "jour", "jours");
  }
  const auto days = DaysBetween(now, due);
  if (days == 0) return "aujourd’hui";
  return days == 1 ? "demain" : "dans " + Plural(days, "jour", "jours");
}

std::string DueTone(std::int64_t due, std::int64_t now) {
  if (due == 0) return "";
  if (due < now) return "late";
  return DaysBetween(now, due) <= 3 ? "soon" : "";
}

std::string Grouped(std::int64_t count) {
  std::string digits = std::to_string(count);
  for (auto at = static_cast<std::ptrdiff_t>(digits.size()) - 3; at > 0; at -= 3) {
    digits.insert(static_cast<std::size_t>(at), "\u202f");
  }
  return digits;
}

std::string Plural(std::int64_t count, const std::string& one, const std::string& many) {
  return Grouped(count) + "\u00a0" + (count < 2 ? one : many);
}

std::string FirstName(const storage::Person& person) {
  const std::string& name = NameOf(person);
  return name.substr(0, name.find(' '));
}

std::string FirstUpper(const std::string& text) {
  if (text.empty()) return text;
  std::string out = text;
  const auto first = static_cast<unsigned char>(out[0]);
  if (first >= 'a' && first <= 'z') {
    out[0] = static_cast<char>(first - 'a' + 'A');
  } else if (first == 0xC3 && out.size() > 1) {  // é, à, ê …: two bytes, capital 0x20 below
    const auto second = static_cast<unsigned char>(out[1]);
    if (second >= 0xA0 && second != 0xB7) out[1] = static_cast<char>(second - 0x20);
  }
  return out;
}

std::string FrenchIsoDate(const std::string& iso) {
  if (iso.empty()) return "";
  const auto instant = workflows::ParseInstant(iso);
  return instant ? workflows::FrenchDate(instant.value()) : iso;
}

std::string FrenchMonth(std::int64_t day) {
  return workflows::MonthWords(workflows::IsoDay(day).substr(0, 7));
}

std::string SizeWords(std::int64_t bytes) {
  if (bytes < 1024) return std::to_string(bytes) + "\u00a0octets";
  if (bytes < 1024 * 1024) return std::to_string(bytes / 1024) + "\u00a0Ko";
  const std::int64_t tenths = bytes * 10 / (1024 * 1024);
  return std::to_string(tenths / 10) + "," + std::to_string(tenths % 10) + "\u00a0Mo";
}

std::string ScopeLabel(Visit& visit, const std::string& scope) {
  const auto colon = scope.find(':');
  if (colon == std::string::npos) return "";
  const std::string kind = scope.substr(0, colon);
  const std::string id = scope.substr(colon + 1);
  return visit.services.database.Read([&](storage::Session& session) -> std::string {
    if (kind == "collection") {
      const auto collection = storage::FindCollection(session, id);
      return "collection " + (collection ? collection->label : id);
    }
    if (kind == "call") {
      const auto call = storage::FindCall(session, id);
      return "appel " + (call ? call->title : id);
    }
    return "projet " + id;
  });
}

StatusWords MailStatus(const std::string& status) {
  static const std::map<std::string, StatusWords> words = {
      {"pending", {"en attente", "soon"}},
      {"sending", {"en cours d’envoi", "soon"}},
      {"sent", {"envoyé", "done"}},
      {"uncertain", {"envoi incertain", "late"}},
      {"failed", {"échec", "late"}},
      {"withdrawn", {"retiré avant envoi", "quiet"}},
      {"skipped", {"non envoyé", "quiet"}},
      {"not_configured", {"non configuré", "quiet"}},
      {"not_deliverable", {"non distribuable", "quiet"}}};
  const auto found = words.find(status);
  return found == words.end() ? StatusWords{status, "quiet"} : found->second;
}

StatusWords CallStatus(const std::string& status) {
  static const std::map<std::string, StatusWords> words = {{"draft", {"en préparation", "quiet"}},
                                                           {"published", {"publié", "done"}},
                                                           {"closed", {"clos", "soon"}},
                                                           {"archived", {"archivé", "quiet"}}};
  const auto found = words.find(status);
  return found == words.end() ? StatusWords{status, "quiet"} : found->second;
}

std::string DsEffectLabel(const std::string& effect) {
  static const std::map<std::string, std::string> words = {
      {"instruct", "passer le dossier en instruction"},
      {"correction", "demander une correction au porteur"},
      {"accept", "accepter le dossier"},
      {"refuse", "refuser le dossier"},
      {"close", "classer le dossier sans suite"},
      {"message", "envoyer un message au porteur"},
      {"annotate", "mettre à jour les annotations"}};
  const auto found = words.find(effect);
  return found == words.end() ? effect : found->second;
}

}  // namespace aiguillage::web
