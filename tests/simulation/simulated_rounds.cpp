// What the workers do in a simulated world, night after night, and how it is judged.
#include <algorithm>

#include "connectors/demarches_simplifiees/push.h"
#include "connectors/demarches_simplifiees/sync.h"
#include "storage/dossiers.h"
#include "storage/hash.h"
#include "storage/timers.h"
#include "tests/simulation/shipped.h"
#include "tests/simulation/simulated_world.h"
#include "workflows/flow.h"
#include "workflows/verify.h"

namespace aiguillage::simulation {

using storage::OutboxRow;
using storage::Session;

namespace {

constexpr std::int64_t kNight = 86'400'000;

const std::vector<const char*> kDsFaults = {"http500",
                                            "html502",
                                            "http429",
                                            "reset",
                                            "slow",
                                            "truncated",
                                            "timeout",
                                            "expired_token",
                                            "applied_then_reset",
                                            "applied_then_502",
                                            "applied_then_timeout"};
const std::vector<const char*> kDsOperations = {"",
                                                "PasserEnInstruction",
                                                "Accepter",
                                                "Refuser",
                                                "ClasserSansSuite",
                                                "EnvoyerMessage",
                                                "ModifierAnnotations",
                                                "AnnulerCorrection",
                                                "DossiersPage"};

// The mutation of DS that only a row with one of these topics can have asked for.
std::set<std::string> TopicsOf(const std::string& operation) {
  if (operation == "EnvoyerMessage") return {"message", "correction"};
  if (operation == "ModifierAnnotations") return {"annotate"};
  if (operation == "Accepter") return {"accept"};
  if (operation == "Refuser") return {"refuse"};
  if (operation == "ClasserSansSuite") return {"close"};
  return {"instruct", "accept", "refuse", "close"};
}

std::string StateOf(const std::string& topic) {
  return topic == "accept" ? "accepte" : topic == "refuse" ? "refuse" : "sans_suite";
}

bool Decides(const std::string& topic) {
  return topic == "accept" || topic == "refuse" || topic == "close";
}

}  // namespace

Mood SimulatedWorld::RelayMood() {
  if (!faults_) return Mood::kTakes;
  const auto draw = random_.Below(1000);
  if (draw < 900) return Mood::kTakes;
  if (draw < 915) return Mood::kRefuses;
  if (draw < 945) return Mood::kComesLater;
  if (draw < 960) return Mood::kIsNotThere;
  if (draw < 980) return Mood::kTakesAndIsSilent;
  if (draw < 990) return Mood::kLosesAndIsSilent;
  if (draw < 993) return Mood::kCutWriting;
  return draw < 996 ? Mood::kCutBefore : Mood::kCutAfter;
}

// A dossier is filed; some were decided before we ever saw them.
void SimulatedWorld::Arrive() {
  const std::vector<std::string> states = {"en_construction", "en_construction", "en_construction",
                                           "en_instruction"};
  const std::string state =
      OneIn(25) ? random_.Of(std::vector<std::string>{"accepte", "refuse", "sans_suite"})
                : random_.Of(states);
  arrivals_.push_back(ds_.Add(state).number);
  ds_changed_ = true;
}

void SimulatedWorld::MeetArrivals() {
  std::erase_if(arrivals_, [this](std::int64_t number) {
    const auto row = database_->Read(
        [&](Session& session) { return storage::FindProjectByDossier(session, number); });
    if (!row) return false;
    KnownProject project;
    project.id = row->id;
    project.number = row->number;
    project.dossier = number;
    project.arrived = elapsed_;
    by_id_[row->id] = projects_.size();
    projects_.push_back(std::move(project));
    Look(projects_.back());
    Later(static_cast<std::int64_t>(1 + random_.Below(20)) * kNight,
          [this, index = projects_.size() - 1] { Visit(index); });
    return true;
  });
}

std::int64_t SimulatedWorld::Unseen() {
  std::int64_t rows =
      database_->Read([](Session& session) { return storage::CountJournal(session); });
  for (const auto& project : projects_) rows -= project.seq;
  return rows;
}

void SimulatedWorld::LookIfMoved() {
  if (Unseen() == 0) return;
  for (auto& project : projects_) Look(project);
}

// Nobody acted since the last round, nothing was left by it and nothing is due.
bool SimulatedWorld::QuietNight() {
  return !left_ && !ds_changed_ && last_act_ + kNight < elapsed_ &&
         database_->Read([&](Session& s) { return storage::DueTimers(s, Now(), 1).empty(); });
}

void SimulatedWorld::TickRound() {
  const auto report = clockwork_->Tick(Now(), false);
  life_.timers += report.fired;
  for (const auto& firing : report.firings) {
    Expect(firing.refused.empty(), firing.project + ", " + firing.event + ": " + firing.refused);
    const auto found = std::find_if(projects_.begin(), projects_.end(),
                                    [&](const auto& one) { return one.number == firing.project; });
    if (found != projects_.end()) Look(*found);
  }
  const auto due = database_->Read(
      [&](Session& session) { return storage::DueTimers(session, Now(), 1).size(); });
  Expect(due == 0, "a timer is due and did not fire");
}

void SimulatedWorld::DsRound() {
  connectors::SyncContext context{*database_, *desk_, ShippedRails(), ds_, {}, {}};
  context.options.endpoint = test::DsStandIn::kEndpoint;
  context.options.token = "secret";
  context.options.demarche = test::DsStandIn::kDemarche;
  context.options.instructeur = test::DsStandIn::kInstructeur;
  context.options.files_dir = directory_ / "files";
  context.options.public_url = "https://aiguillage.invalid";
  context.world = {[this] { return Now(); }, [this](std::int64_t ms) { Pass(elapsed_ + ms); }, {}};
  if (ds_changed_ || OneIn(20)) {
    const auto report = connectors::Pull(context, /*full=*/false);
    ds_changed_ = report.stopped || report.failed > 0;
    MeetArrivals();
    LookIfMoved();
  }
  const auto push = connectors::PushDue(context, Now());
  left_ = push.stopped || push.later > 0;
}

// What workers of a quiet installation do through the day, once a night; sometimes they are down,
// and most nights in which there is nothing to do are left out.
void SimulatedWorld::Round(bool faults) {
  if (faults) {
    const auto nights = OneIn(40) ? static_cast<std::int64_t>(random_.Below(10)) : 0;
    Later(kNight * (1 + nights) + static_cast<std::int64_t>(random_.Below(3600)) * 1000,
          [this] { Round(true); });
    if (QuietNight() && !OneIn(7)) return;
    if (OneIn(60)) Restart();
    ds_.Disarm();
    if (OneIn(4)) {
      ds_.Arm({.kind = random_.Of(kDsFaults),
               .on = random_.Of(kDsOperations),
               .count = static_cast<int>(1 + random_.Below(6)),
               .after = static_cast<int>(random_.Below(3))});
    }
  }
  try {
    TickRound();
    DsRound();
    const auto counts = dispatcher_->DeliverOnce(Now());
    left_ = left_ || counts.unreachable || counts.later > 0 || counts.uncertain > 0;
  } catch (const PowerCut&) {
    ++life_.power_cuts;
    left_ = true;
    Restart();
    MeetArrivals();
    LookIfMoved();
  }
  JudgeDs();
  Expect(Unseen() == 0, "the journal has ", Unseen(), " rows more than were seen");
}

// Whatever DS was told since the last round, some act asked for.
void SimulatedWorld::JudgeDs() {
  for (; ds_log_seen_ < ds_.log().size(); ++ds_log_seen_) {
    const auto& said = ds_.log()[ds_log_seen_];
    const auto project = std::find_if(projects_.begin(), projects_.end(),
                                      [&](const auto& one) { return one.dossier == said.dossier; });
    Expect(project != projects_.end(), "DS was told of a dossier that is no project");
    const auto topics = TopicsOf(said.operation);
    const auto rows =
        database_->Read([&](Session& session) { return storage::OutboxOf(session, project->id); });
    Expect(std::any_of(rows.begin(), rows.end(),
                       [&](const OutboxRow& row) {
                         return row.kind == "ds" && topics.contains(row.topic) &&
                                row.status != "withdrawn";
                       }),
           project->number + ": DS was told " + said.operation + ", which nobody asked for");
  }
}

// The whole record, as an operator would.
void SimulatedWorld::VerifyRecord() {
  while (workflows::FollowMoves(*database_, ShippedRails())) continue;
  const auto report = workflows::Verify(*database_, ShippedRails(), directory_ / "files");
  Expect(report.broken.empty(), "verify: " + (report.broken.empty() ? "" : report.broken.front()));
  life_.journal = report.journal;
}

void SimulatedWorld::JudgeEverything() {
  VerifyRecord();
  std::string digest;
  for (auto& project : projects_) {
    Look(project);
    digest += project.number + " " + project.hash + "\n";
    const auto rows =
        database_->Read([&](Session& session) { return storage::OutboxOf(session, project.id); });
    std::string decided;
    for (const auto& row : rows) {
      digest += row.key + " " + row.topic + " " + row.address + " " + row.status + "\n";
      const std::string place = project.number + ": " + row.kind + " " + row.topic + " " + row.key;
      Expect(row.status != "pending" && row.status != "sending",
             place + " is " + row.status + " after sixty quiet nights (" + row.detail + ")");
      if (row.kind == "ds" && row.status == "sent" && Decides(row.topic)) decided = row.topic;
      if (row.kind == "ds") {
        JudgeMessage(project, row);
      } else if (row.person != 0) {
        JudgeMail(row);
      }
    }
    if (!decided.empty()) {
      Expect(ds_.At(project.dossier).state == StateOf(decided),
             project.number + ": DS says " + ds_.At(project.dossier).state + ", not " + decided);
    }
  }
  life_.digest = storage::Sha256(digest);
}

// The dossier holds each message once, and only those that were sent.
void SimulatedWorld::JudgeMessage(const KnownProject& project, const OutboxRow& row) {
  if (row.topic != "message" && row.topic != "correction") return;
  const std::string reference =
      "[" + project.number + "/" + storage::Sha256(row.key).substr(0, 8) + "]";
  const auto& messages = ds_.At(project.dossier).messages;
  const auto count = std::count_if(messages.begin(), messages.end(), [&](const auto& message) {
    return message.body.find(reference) != std::string::npos;
  });
  const bool holds = row.status == "sent" ? count == 1 : row.status == "failed" || count == 0;
  Expect(holds && count <= 1, project.number + ": a message to DS is « " + row.status +
                                  " », and there " + std::to_string(count) + " times");
}

void SimulatedWorld::JudgeMail(const OutboxRow& row) {
  std::string key = row.key;  // of the mail that it left in, which several may share
  if (row.lead != 0) {
    key = database_->Read([&](Session& s) { return storage::FindOutbox(s, row.lead)->key; });
  }
  const std::string id = notifications::MessageIdFor(key, "exemple.invalid");
  const auto found = relay_.taken.find(id);
  const int taken = found == relay_.taken.end() ? 0 : found->second;
  const std::string place = "mail " + row.key + " is « " + row.status + " », and was taken " +
                            std::to_string(taken) + " times";
  if (row.status == "sent") Expect(taken > 0, place);
  if (row.status == "withdrawn" || row.status == "skipped") Expect(taken == 0, place);
  if (row.status == "failed") Expect(taken == 0 || relay_.doubts.contains(id), place);
  // Twice in a batch that a power cut took away, it may never have been tried.
  if (row.status == "uncertain") {
    Expect(relay_.doubts.contains(id) || life_.power_cuts > 1, place);
  }
}

}  // namespace aiguillage::simulation
