#include "web/exchange_words.h"

#include "connectors/demarches_simplifiees/progress.h"
#include "web/words.h"

namespace aiguillage::web {

std::string DurationWords(std::int64_t ms) {
  const std::int64_t minutes = (ms + 30'000) / 60'000;
  if (minutes == 0) return "moins d’une minute";
  const std::int64_t hours = minutes / 60;
  std::string words = hours == 0 ? "" : Plural(hours, "heure", "heures");
  if (minutes % 60 == 0) return words;
  return words + (hours == 0 ? "" : " ") + Plural(minutes % 60, "minute", "minutes");
}

std::string ProgressWords(const storage::ExchangeRun& run) {
  std::string words = Plural(run.seen, "dossier lu", "dossiers lus");
  const double rate = connectors::PerSecond(run);
  if (rate >= 1) {
    words += ", " + Grouped(static_cast<std::int64_t>(rate)) + " par seconde";
  } else if (rate > 0) {
    words += ", " + Grouped(static_cast<std::int64_t>(rate * 60)) + " par minute";
  }
  const std::int64_t left = connectors::TimeLeftMs(run);
  if (left < 0) return words;
  const std::string time = DurationWords(left);
  return words + ", encore " + time + (left < 30'000 ? "" : " environ");
}

}  // namespace aiguillage::web
