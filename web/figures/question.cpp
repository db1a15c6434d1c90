#include "web/figures/question.h"

#include "storage/calls.h"
#include "storage/projects.h"
#include "workflows/calendar.h"

namespace aiguillage::web {

namespace {

using engine::Refusal;

engine::Outcome<std::vector<std::string>> CallsAsked(storage::Session& session,
                                                     const std::string& wanted,
                                                     const CallsShown& shown) {
  std::vector<std::string> ids;
  for (const auto& call : storage::Calls(session)) {
    if (wanted.empty() ? shown.Has(call.id) : call.id == wanted) ids.push_back(call.id);
  }
  if (ids.empty() && wanted.empty()) {
    return Refusal{"no_call", "Il n’y a pas encore d’appel : les chiffres viendront avec lui.", {}};
  }
  if (ids.empty()) {
    return Refusal{"unknown_call", "Cet appel n’existe pas : choisissez-en un dans la liste.", {}};
  }
  if (!shown.Has(ids.front())) {
    return Refusal{"foreign_call", "Cet appel n’est pas de ceux où vous avez un rôle.", {}};
  }
  // Who sees some calls only looks at one of them at a time.
  if (wanted.empty() && !shown.all) ids.resize(1);
  return ids;
}

bool IsDayOrNone(const std::string& text) {
  return text.empty() || (text.size() == 10 && workflows::EndOfParisDay(text) != 0);
}

}  // namespace

engine::Outcome<FigureQuestion> QuestionOf(storage::Session& session, const FigureWords& words,
                                           const CallsShown& shown, std::int64_t now) {
  auto calls = CallsAsked(session, words.call, shown);
  if (!calls) return calls.refusal();
  if (!words.collection.empty() && words.collection != storage::kNoCollection &&
      !storage::FindCollection(session, words.collection)) {
    return Refusal{"unknown_collection",
                   "Cette collection n’existe pas : choisissez-en une dans la liste.",
                   {}};
  }
  const auto refused = [](const char* code, const char* which) {
    return Refusal{code,
                   std::string(which) +
                       " de la période n’est pas une date : elle s’écrit comme "
                       "2026-11-23.",
                   {}};
  };
  if (!IsDayOrNone(words.from)) return refused("bad_from", "Le début");
  if (!IsDayOrNone(words.to)) return refused("bad_to", "La fin");
  if (!words.from.empty() && !words.to.empty() && words.from > words.to) {
    return Refusal{"bad_period",
                   "La période finit avant de commencer : mettez d’abord la date la plus ancienne.",
                   {}};
  }
  if (!IsDayOrNone(words.on)) {
    return Refusal{
        "bad_on", "« À la date du » attend une date : elle s’écrit comme 2026-11-23.", {}};
  }
  if (!words.on.empty() && words.on > workflows::ParisDate(now)) {
    return Refusal{
        "bad_on", "Cette date est à venir : choisissez un jour passé, ou aujourd’hui.", {}};
  }
  return FigureQuestion{
      std::move(calls).value(), words.collection, words.from, words.to, now, words.on};
}

}  // namespace aiguillage::web
