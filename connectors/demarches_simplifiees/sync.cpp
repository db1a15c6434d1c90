#include "connectors/demarches_simplifiees/sync.h"

#include <algorithm>
#include <array>
#include <fstream>
#include <iterator>
#include <optional>
#include <span>
#include <utility>

#include "connectors/demarches_simplifiees/call_mapping.h"
#include "connectors/demarches_simplifiees/deletions.h"
#include "connectors/demarches_simplifiees/demarche.h"
#include "connectors/demarches_simplifiees/drift.h"
#include "connectors/demarches_simplifiees/file_store.h"
#include "connectors/demarches_simplifiees/progress.h"
#include "connectors/demarches_simplifiees/push.h"
#include "connectors/demarches_simplifiees/reception.h"
#include "storage/calls.h"
#include "workflows/calendar.h"

namespace aiguillage::connectors {
namespace {

using nlohmann::json;

constexpr std::array<int, 5> kSizes = {100, 50, 20, 5, 1};
// Constant for ever: with it DS orders by date of change, and cursors of that order stay good.
constexpr const char* kSinceEver = "2020-01-01T00:00:00Z";
constexpr std::int64_t kReadAgain = 10 * 60'000;

std::int64_t ChangedAt(const json& node) {
  const auto at = workflows::ParseInstant(TextAt(node, "dateDerniereModification"));
  return at ? at.value() : 0;
}
Progress::Stretch StretchOf(const json& nodes) {
  if (!nodes.is_array() || nodes.empty()) return {};
  return {ChangedAt(nodes.front()), ChangedAt(nodes.back())};
}

// One walk over the dossiers of the démarche, in order of change.
class Walk {
 public:
  Walk(SyncContext& context, Client& client, Reception& reception, Progress& progress,
       SyncReport& report)
      : context_(context),
        client_(client),
        reception_(reception),
        progress_(progress),
        report_(report) {}

  // Stores its cursor under `kind`, or nowhere when that is "". False: stopped before the end.
  bool Run(std::string since, std::string after, std::string kind) {
    since_ = std::move(since);
    after_ = std::move(after);
    kind_ = std::move(kind);
    for (;;) {
      const DsAnswer page = client_.AskPatiently(Operation::kDossiersPage, Variables(size_));
      if (page.Ok()) {
        if (!Take(page.data)) return true;
      } else if (page.failure == DsFailure::kTimeout || page.failure == DsFailure::kInvalidNull) {
        if (!Less(page)) return false;
      } else {
        Stop(report_, page.sentence);
        return false;
      }
    }
  }

  static void Stop(SyncReport& report, const std::string& sentence) {
    report.stopped = true;
    report.words.push_back(sentence);
  }

 private:
  json Variables(std::size_t size) const {
    json variables = {
        {"number", context_.options.demarche}, {"first", kSizes[size]}, {"updatedSince", since_}};
    if (!after_.empty()) variables["after"] = after_;
    return variables;
  }

  // True when there is more. An empty page has no cursor: ours stays.
  bool Take(const json& data) {
    const json& list = PartOf(PartOf(data, "demarche"), "dossiers");
    const json& info = PartOf(list, "pageInfo");
    const std::string end = TextAt(info, "endCursor");
    const json& nodes = PartOf(list, "nodes");
    reception_.TakePage(nodes, {kind_, end}, Fetching::kAsk);
    if (!end.empty()) after_ = end;
    if (size_ > 0) --size_;  // grows again
    const bool more = !end.empty() && PartOf(info, "hasNextPage") == json(true);
    if (more) progress_.Tell(report_, StretchOf(nodes));
    return more;
  }

  // A smaller page; at one dossier, that dossier is stepped over and told.
  bool Less(const DsAnswer& failed) {
    if (size_ + 1 < kSizes.size()) {
      ++size_;
      return true;
    }
    if (failed.failure == DsFailure::kTimeout && ++timeouts_ < 3) return true;
    timeouts_ = 0;
    const DsAnswer next = client_.AskPatiently(Operation::kDossierNumbers, Variables(size_));
    const json& list = PartOf(PartOf(next.data, "demarche"), "dossiers");
    const std::string end = TextAt(PartOf(list, "pageInfo"), "endCursor");
    if (!next.Ok() || end.empty()) {
      Stop(report_, failed.sentence);
      return false;
    }
    const json& nodes = PartOf(list, "nodes");
    const std::string number =
        nodes.is_array() && !nodes.empty() ? PartOf(nodes[0], "number").dump() : "inconnu";
    ++report_.failed;
    report_.words.push_back("Dossier " + number + " sauté : " + failed.sentence);
    reception_.TakePage(json::array(), {kind_, end}, Fetching::kAsk);
    after_ = end;
    return true;
  }

  SyncContext& context_;
  Client& client_;
  Reception& reception_;
  Progress& progress_;
  SyncReport& report_;
  std::string since_, after_, kind_;
  std::size_t size_ = 0;
  int timeouts_ = 0;
};

struct Rails {
  storage::Call call;
  Mapping mapping;
};

// The call's mapping, judged against its form. Trouble is told in the report.
std::optional<Rails> RailsOf(SyncContext& context, storage::Call call, SyncReport& report) {
  auto mapping = context.database.Read(
      [&](storage::Session& session) { return ReadMappingOf(session, context.catalog, call); });
  if (!mapping) {
    Walk::Stop(report, mapping.refusal().sentence);
    return {};
  }
  return Rails{std::move(call), std::move(mapping).value()};
}

// Writes only what changed: a run that finds DS as the last one did leaves the record alone.
template <typename Change>
void ChangeStanding(SyncContext& context, Change&& change) {
  const std::int64_t demarche = context.options.demarche;
  const auto before = context.database.Read(
      [&](storage::Session& session) { return storage::FindExchangeStanding(session, demarche); });
  auto after = before;
  change(after);
  if (after == before) return;
  context.database.Write(
      [&](storage::Session& session) { storage::SaveExchangeStanding(session, demarche, after); });
}

// What the pilot's page says of the exchange until a run comes to its end again.
void RememberHowItEnded(SyncContext& context, const SyncReport& report) {
  ChangeStanding(context, [&](storage::ExchangeStanding& standing) {
    standing.trouble = report.stopped ? report.words.back() : "";
    if (!report.stopped) {
      standing.failing_since = 0;
    } else if (standing.failing_since == 0) {
      standing.failing_since = context.world.now();
    }
  });
}

// Changes first, then the last ten minutes again: what was committed late may lie before the
// cursor.
bool Walks(SyncContext& context, Client& client, Reception& reception, Progress& progress,
           SyncReport& report, bool full) {
  const std::int64_t polled = context.database.Read([&](storage::Session& session) {
    return storage::FindExchangeStanding(session, context.options.demarche).read_at;
  });
  const std::int64_t started = context.world.now();
  const std::string cursor = context.database.Read([&](storage::Session& session) {
    return storage::FindCursor(session, context.options.demarche, "dossiers");
  });
  Walk walk(context, client, reception, progress, report);
  if (!walk.Run(kSinceEver, full ? "" : cursor, "dossiers")) return false;
  if (polled != 0 && !full) {
    const std::string since = workflows::IsoInstant(polled - kReadAgain);
    if (!Walk(context, client, reception, progress, report).Run(since, "", "")) return false;
  }
  ChangeStanding(context, [&](storage::ExchangeStanding& standing) { standing.read_at = started; });
  return true;
}

void ReadAll(SyncContext& context, Client& client, Rails rails, Progress& progress,
             SyncReport& report, bool full) {
  const std::string event = rails.mapping.deleted_event;
  Reception reception(context, client, rails.call, std::move(rails.mapping), report);
  SweepArrivals(context.options.files_dir);
  reception.TakeUpAgain();
  if (!Walks(context, client, reception, progress, report, full)) return;
  Deletions deletions(context, client, event, report);
  if (deletions.Read() && full) deletions.LookForMissing(reception.seen());
}

// No network at all: what would be asked of DS is left for its next reading.
class Nowhere : public HttpClient {
 public:
  HttpResponse Send(const HttpRequest&) override {
    HttpResponse response;
    response.failure = HttpFailure::kUnreachable;
    return response;
  }
};

json DossiersIn(const std::string& path, SyncReport& report) {
  std::ifstream file(path, std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  json dossiers = file ? ParseOutside(text) : json();
  if (dossiers.is_array()) return dossiers;
  ++report.failed;
  report.words.push_back(path + " : une liste JSON de dossiers attendue.");
  return json::array();
}

}  // namespace

json ToJson(const SyncReport& report) {
  return {{"seen", report.seen},
          {"created", report.created},
          {"updated", report.updated},
          {"unchanged", report.unchanged},
          {"quarantined", report.quarantined},
          {"files", report.files},
          {"pushed", report.pushed},
          {"failed", report.failed},
          {"drifted", report.drifted}};
}

SyncReport Pull(SyncContext& context, bool full) {
  SyncReport report;
  Client client(context.http, context.ForClient(), context.world);
  const DemarcheAnswer demarche = ReadDemarche(client, context.options.demarche);
  if (!demarche.answer.Ok()) {
    Walk::Stop(report, demarche.answer.sentence);
    return report;
  }
  auto rails = RailsOf(context, CallOf(context, demarche.demarche), report);
  if (!rails) return report;
  const MappingDrift drift = CompareWithRevision(rails->mapping, demarche.demarche.revision);
  RaiseDrift(context.database, rails->call, drift, context.world.now());
  for (const FieldDrift& one : drift.fields) report.words.push_back(Sentence(one));
  report.drifted = static_cast<std::int64_t>(drift.fields.size());
  if (drift.fatal) {
    Walk::Stop(report, "La correspondance " + rails->mapping.file +
                           " n’est pas celle de cette démarche : rien n’a été lu.");
    return report;
  }
  const std::int64_t held = !full ? 0 : context.database.Read([&](storage::Session& session) {
    return storage::CountDossiers(session, context.options.demarche);
  });
  Progress progress(context, full ? "whole" : "changes", held);
  ReadAll(context, client, std::move(*rails), progress, report, full);
  progress.End(report);
  return report;
}

SyncReport Sync(SyncContext& context, bool full) {
  SyncReport report = Pull(context, full);
  if (!report.stopped) {
    const PushReport push = PushDue(context, context.Now());
    report.pushed = push.pushed;
    report.failed += push.failed;
    report.stopped = push.stopped;
    report.words.insert(report.words.end(), push.words.begin(), push.words.end());
  }
  RememberHowItEnded(context, report);
  return report;
}

SyncReport Replay(SyncContext& context) {
  SyncReport report;
  const auto calls =
      context.database.Read([](storage::Session& session) { return storage::Calls(session); });
  const auto call = std::find_if(calls.begin(), calls.end(), [&](const storage::Call& one) {
    return one.demarche == context.options.demarche;
  });
  if (call == calls.end()) {
    Walk::Stop(report, "Aucun appel ne porte sur la démarche " +
                           std::to_string(context.options.demarche) + ".");
    return report;
  }
  auto rails = RailsOf(context, *call, report);
  if (!rails) return report;
  Client client(context.http, context.ForClient(), context.world);
  const auto numbers = context.database.Read(
      [&](storage::Session& session) { return storage::DossierNumbers(session, call->demarche); });
  Progress progress(context, "replay", static_cast<std::int64_t>(numbers.size()));
  Reception reception(context, client, rails->call, std::move(rails->mapping), report);
  for (std::size_t at = 0; at < numbers.size(); at += 100) {
    const auto end = std::min(at + 100, numbers.size());
    reception.Replay(std::span(numbers).subspan(at, end - at));
    if (end < numbers.size()) progress.Tell(report, {});
  }
  progress.End(report);
  return report;
}

SyncReport Import(SyncContext& context, const std::string& call_id,
                  const std::vector<std::string>& files) {
  SyncReport report;
  const auto call = context.database.Read(
      [&](storage::Session& session) { return storage::FindCall(session, call_id); });
  if (!call) {
    Walk::Stop(report, "Aucun appel ne porte l’identifiant « " + call_id + " ».");
    return report;
  }
  auto rails = RailsOf(context, *call, report);
  if (!rails) return report;
  Client client(context.http, context.ForClient(), context.world);
  Reception reception(context, client, rails->call, std::move(rails->mapping), report);
  for (const std::string& path : files) {
    const json dossiers = DossiersIn(path, report);
    for (std::size_t at = 0; at < dossiers.size(); at += 100) {
      const auto end = std::min(at + 100, dossiers.size());
      const json page(dossiers.begin() + static_cast<json::difference_type>(at),
                      dossiers.begin() + static_cast<json::difference_type>(end));
      reception.TakePage(page, {}, Fetching::kWhereGiven);
    }
  }
  return report;
}

SyncReport TakeUp(storage::Database& database, workflows::Desk& desk, workflows::Catalog& catalog,
                  const SyncOptions& options, std::int64_t number) {
  SyncReport report;
  Nowhere nowhere;
  SyncContext context{database, desk, catalog, nowhere, options, RealWorld()};
  context.world.sleep = [](std::int64_t) {};
  const auto dossier = database.Read(
      [&](storage::Session& session) { return storage::FindDossier(session, number); });
  if (!dossier || dossier->status != "quarantined") return report;
  const auto call = database.Read(
      [&](storage::Session& session) { return CallTaking(session, dossier->demarche); });
  if (!call) {
    Walk::Stop(report, "Aucun appel ne reçoit plus les dossiers de cette démarche.");
    return report;
  }
  auto rails = RailsOf(context, *call, report);
  if (!rails) return report;
  Client client(nowhere, context.ForClient(), context.world);
  Reception(context, client, rails->call, std::move(rails->mapping), report)
      .TakeUp(*dossier, Fetching::kLater);
  return report;
}

}  // namespace aiguillage::connectors
