#include "tests/bench/pages.h"

#include <algorithm>
#include <filesystem>
#include <stdexcept>
#include <vector>

#include "storage/calls.h"
#include "storage/documents.h"
#include "storage/dossiers.h"
#include "storage/people.h"
#include "storage/projects.h"
#include "tests/bench/course.h"
#include "tests/bench/floor.h"
#include "tests/bench/measure.h"
#include "tests/support/stand_in_npm.h"
#include "tests/support/temp_directory.h"
#include "web/assets.h"
#include "web/drawings.h"
#include "web/health.h"
#include "web/meters.h"
#include "web/page.h"
#include "web/pipeline.h"
#include "web/request.h"
#include "web/services.h"
#include "web/session.h"
#include "web/visit.h"

namespace aiguillage::bench {
namespace {

class NoBody : public web::BodySource {
 public:
  std::size_t Read(char*, std::size_t) override { return 0; }
};

// The house that answers, and people who are logged in.
class House {
 public:
  explicit House(Course& course)
      : services_{course.database(), course.desk(), course.catalog(), meters_, {}},
        assets_(AIGUILLAGE_SOURCE_DIR "/web/assets", test::StandInNpm(folder_)),
        pages_(AIGUILLAGE_SOURCE_DIR "/web/templates"),
        drawings_(folder_.path()),
        house_{services_, pages_, attendance_, health_, assets_, drawings_} {
    services_.options.files_dir = folder_.path();
    services_.clock = [] { return kNow; };
  }

  void LogIn(const std::string& who, std::int64_t person) {
    services_.database.Write([&](storage::Session& session) {
      storage::EndWebSession(session, storage::Sha256("token-" + who));
      storage::InsertWebSession(
          session, {storage::Sha256("token-" + who), person, "test", "csrf", kNow, kNow});
    });
  }

  std::size_t Get(const std::string& uri, const std::string& who) {
    NoBody nothing;
    const web::RequestHead head{
        "GET", uri, {{"Cookie", "__Host-session=token-" + who}}, "127.0.0.1"};
    const auto response = web::Answer(house_, head, nothing);
    if (response.status != 200) {
      throw std::runtime_error("Expected " + uri + ", but got " + std::to_string(response.status));
    }
    return response.body.size();
  }

 private:
  static constexpr std::int64_t kNow = 1'797'000'000'000;  // after the course's acts

  test::TempDirectory folder_;
  web::Meters meters_;
  web::Services services_;
  web::Health health_{[] {}};
  web::Assets assets_;
  web::Pages pages_;
  web::Attendance attendance_;
  web::Drawings drawings_;
  web::House house_;
};

// The median of nine, after one that warms the caches.
void Measure(House& house, const std::string& what, const std::string& uri, const std::string& who,
             double goal, Goals& goals) {
  house.Get(uri, who);
  std::vector<double> inside, whole;
  std::size_t size = 0;
  for (int i = 0; i < 9; ++i) {
    sqlite::MillisecondsInside();
    const double start = WallSeconds();
    size = house.Get(uri, who);
    whole.push_back((WallSeconds() - start) * 1000);
    inside.push_back(sqlite::MillisecondsInside());
  }
  std::sort(inside.begin(), inside.end());
  std::sort(whole.begin(), whole.end());
  const std::string note = "the page whole: " + Round(whole[4]) + " ms, " +
                           Round(static_cast<double>(size) / 1024) + " KB";
  if (goal > 0) {
    goals.AtMost(what, inside[4], goal, "ms in it", note);
  } else {
    goals.Said(what, inside[4], "ms in it", note);
  }
}

constexpr std::int64_t kDemarche = 777;
constexpr const char* kWords[] = {
    "accueil",     "achats",     "accessibilité", "archives",    "budget",        "climat",
    "codage",      "concours",   "conduite",      "contrôle",    "cybersécurité", "données",
    "écologie",    "écriture",   "égalité",       "encadrement", "énergie",       "fraude",
    "handicap",    "innovation", "juridique",     "laïcité",     "langues",       "management",
    "marchés",     "mobilité",   "négociation",   "numérique",   "paie",          "prévention",
    "recrutement", "retraite",   "sobriété",      "statistique", "télétravail",   "tutorat"};

std::string WordAt(std::int64_t n) {
  return kWords[static_cast<std::size_t>(n) % std::size(kWords)];
}

// Three of 36 words and a number: a new title shares a word with a twelfth of all others. The
// number of one in the middle.
std::string FillSimilar(Course& course, std::int64_t projects) {
  const auto first = course.FindNumber(1);
  std::string middle;
  storage::Project like = *course.database().Read(
      [&](storage::Session& session) { return storage::FindProject(session, first); });
  for (std::int64_t done = 1; done < projects;) {
    course.database().Write([&](storage::Session& session) {
      for (int i = 0; i < 2000 && done < projects; ++i, ++done) {
        storage::Project project = like;
        project.dossier = 0;
        project.title = "Parcours " + WordAt(done * 7) + ", " + WordAt(done * 11 + done / 36) +
                        " et " + WordAt(done * 13 + done / 1296) + " n° " + std::to_string(done);
        project = storage::InsertProject(session, project, 2026);
        if (done == projects / 2) middle = project.number;
        const nlohmann::json answers = {{"title", project.title},
                                        {"skills", {WordAt(done * 3), WordAt(done * 5 + 1)}}};
        storage::Document document;
        document.project = project.id;
        document.form = "application";
        document.answers = answers;
        storage::InsertDocument(session, document);
        storage::IndexProject(session, project.id, project.title,
                              WordAt(done * 3) + " " + WordAt(done * 5 + 1));
      }
    });
  }
  return middle;
}

// Dossiers as DS gives them, their title empty.
void FillHeld(Course& course, std::int64_t held) {
  const auto& mapping = course.catalog().KitOf("mentor").mapping;
  nlohmann::json champs = nlohmann::json::array();
  for (const auto& rule : mapping.at("fields")) {
    const bool title = rule.at("to") == "title";
    const std::string text = title ? "" : "Une réponse d’une longueur ordinaire, à peu près.";
    champs.push_back({{"__typename", "TextChamp"},
                      {"id", rule.at("champ")},
                      {"champDescriptorId", rule.at("champ")},
                      {"label", rule.at("label")},
                      {"stringValue", text},
                      {"text", text},
                      {"updatedAt", "2026-09-14T10:00:00+02:00"}});
  }
  course.database().Write([&](storage::Session& session) {
    storage::Call call = *storage::FindCall(session, "mentor-2026");
    call.demarche = kDemarche;
    storage::SaveCall(session, call);
    for (std::int64_t i = 0; i < held; ++i) {
      storage::Dossier dossier;
      dossier.number = 40'000'000 + i;
      dossier.demarche = kDemarche;
      dossier.node = "D" + std::to_string(i);
      dossier.hash = std::to_string(i);
      dossier.ds_state = "en_construction";
      dossier.raw = nlohmann::json{
          {"number", dossier.number},
          {"dateDepot", "2026-09-14T10:00:00+02:00"},
          {"usager", {{"email", "p@exemple.invalid"}}},
          {"champs",
           champs}}.dump();
      dossier.status = "quarantined";
      dossier.reasons = R"(["Le champ « Titre du projet » est vide."])";
      storage::SaveDossier(session, dossier);
    }
  });
}

}  // namespace

void MeasureExchangePages(const std::string& folder, std::int64_t held, std::int64_t projects,
                          Goals& goals) {
  std::filesystem::create_directories(folder);
  Course course("sqlite:" + folder + "/aiguillage.db", 31);
  House house(course);
  house.LogIn("pilot", course.Person("pilote@exemple.invalid"));
  course.TakeIn(1);
  const auto after = [&](const std::string& words) {
    return words + ", " + std::to_string(held) + " held, " + std::to_string(projects) + " projects";
  };
  FillHeld(course, held);
  const std::string middle = FillSimilar(course, projects);
  Measure(house, after("quarantine, first page"), "/pilotage/quarantaine", "pilot", 20, goals);
  Measure(house, "quarantine, last page",
          "/pilotage/quarantaine?page=" + std::to_string((held + 49) / 50), "pilot", 20, goals);
  Measure(house, "one held dossier", "/pilotage/quarantaine/40000007", "pilot", 5, goals);
  Measure(house, "pipeline beside them", "/pilotage?appel=mentor-2026", "pilot", 20, goals);
  for (const std::string& number : {course.FindNumber(1), middle}) {
    Measure(house, "« Cela existe-t-il déjà ? »", "/projets/" + number, "pilot", 50, goals);
  }
}

void MeasurePages(const std::string& url, std::int64_t projects, Goals& goals) {
  Course course(url, 31);
  House house(course);
  house.LogIn("lead", course.Person("chef.numerique@exemple.invalid"));
  house.LogIn("officer", course.Person("instruction@exemple.invalid"));
  house.LogIn("pilot", course.Person("pilote@exemple.invalid"));
  house.LogIn("holder", course.Person("porteur7@exemple.invalid"));
  const std::string project = "/projets/" + course.FindNumber(projects / 2);
  Measure(house, "worklist of a lead", "/taches", "lead", 5, goals);
  Measure(house, "worklist of the case officer", "/taches", "officer", 5, goals);
  Measure(house, "worklist of a holder", "/taches", "holder", 5, goals);
  Measure(house, "pipeline counts", "/pilotage?appel=mentor-2026", "pilot", 5, goals);
  Measure(house, "project page, the pilot's", project, "pilot", 5, goals);
  Measure(house, "project page, the officer's", project, "officer", 5, goals);
  Measure(house, "register of projects", "/projets", "pilot", 0, goals);
  Measure(house, "search for a word that every project has", "/projets?q=accueillir", "pilot", 0,
          goals);
}

}  // namespace aiguillage::bench
