// A counter without a socket: the shipped rails, a fresh record, a few people, two projects.
//
//   Counter counter;
//   auto page = counter.Get("/taches", "lead");       // as whoever holds that name below
//   counter.Post("/deconnexion", {}, "lead")          // with the token of their session
//
// People: pilot, officer, lead (numerique), other_lead (langues), reviewer (of project 1), holder
// (of project 1), other_holder (of project 2), auditor; "" is nobody.
#pragma once

#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "tests/support/test_record.h"
#include "web/assets.h"
#include "web/drawings.h"
#include "web/health.h"
#include "web/meters.h"
#include "web/page.h"
#include "web/request.h"
#include "web/response.h"
#include "web/services.h"
#include "web/session.h"
#include "web/visit.h"

namespace aiguillage::web {

class TextBody : public BodySource {
 public:
  explicit TextBody(std::string text) : text_(std::move(text)) {}
  std::size_t Read(char* into, std::size_t size) override;
  std::size_t left() const { return text_.size() - at_; }

 private:
  std::string text_;
  std::size_t at_ = 0;
};

class Counter {
 public:
  static constexpr std::int64_t kDemarche = 777;           // of the call
  static constexpr std::int64_t kHeld = 4900;              // a dossier of it that has no title
  static constexpr std::int64_t kNow = 1'790'000'000'000;  // 21 September 2026, a Monday

  Counter();

  Response Send(RequestHead head, const std::string& body = "");
  Response Get(const std::string& uri, const std::string& who = "");
  // Urlencoded, with the right token unless `token` says otherwise.
  Response Post(const std::string& uri, const Fields& fields, const std::string& who = "",
                const std::string* token = nullptr);
  Response PostFiles(const std::string& uri, const Fields& fields, const std::string& file_field,
                     const std::string& file_name, const std::string& bytes,
                     const std::string& who);

  // « foreign_holder » and their project 3, of a collection of another call, fep-2026; a dossier of
  // its démarche is held too.
  void AddSecondCall();
  static constexpr std::int64_t kOtherDemarche = 778;
  static constexpr std::int64_t kOtherHeld = 5900;
  // With a session of their own, and no role yet.
  void AddPerson(const std::string& who);

  std::int64_t PersonId(const std::string& who) const { return people_.at(who); }
  static std::vector<std::string> Everybody();
  std::string number(int project) const {
    return numbers_.at(static_cast<std::size_t>(project - 1));
  }
  storage::Database& database() { return *record_; }
  std::string record_path() const { return record_.path(); }
  House& house() { return house_; }
  Services& services() { return services_; }
  std::string RecordDigest() const;  // of the file's bytes: any write changes it
  std::int64_t now = kNow;
  std::vector<std::string> logged;

 private:
  void AddPeople();
  void AddExchange();
  void AddSitting();
  void AddProject(const std::string& title, const std::string& collection,
                  const std::string& holder, std::int64_t dossier,
                  const std::string& call = "mentor-2026");

  test::TestRecord record_;
  std::unique_ptr<workflows::Catalog> catalog_;
  std::unique_ptr<workflows::Desk> desk_;
  Meters meters_;
  Services services_;
  Assets assets_;
  Pages pages_;
  Attendance attendance_;
  Health health_;
  Drawings drawings_;
  House house_;
  std::map<std::string, std::int64_t> people_;
  std::vector<std::string> numbers_;
};

// Text that must never come out as markup, in its two usual disguises.
inline const std::string kCanary = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>";
bool HoldsCanary(const std::string& page);

}  // namespace aiguillage::web
