// People, the roles they hold and where, who stands in for whom, log-in links and web sessions.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace aiguillage::storage {

class Session;

struct Person {
  std::int64_t id = 0;
  std::string email;  // lower case
  std::string name;
  std::string siret;
  std::string phone;
  bool active = true;
  std::int64_t created_at = 0;
  std::string refused = {};  // what a mail server said of the address, "" while it takes mails
};
std::int64_t InsertPerson(Session&, const Person&);  // Conflict when the address is known
void UpdatePerson(Session&, const Person&);
// Another address is given another chance; a mail that was taken ends what was said (words "").
void FlagAddress(Session&, std::int64_t person, const std::string& words);
std::optional<Person> FindPerson(Session&, std::int64_t id);
std::optional<Person> FindPersonByEmail(Session&, const std::string& email);
std::vector<Person> People(Session&);

// A role held somewhere: scope "" everywhere, "collection:SLUG", "call:ID" or "project:NUMBER".
struct Grant {
  std::int64_t id = 0;
  std::int64_t person = 0;
  std::string role;
  std::string scope;
  std::int64_t granted_at = 0;
  std::int64_t ended_at = 0;  // 0 while it runs
};
std::int64_t InsertGrant(Session&, const Grant&);  // the id of the running one when it exists
void EndGrant(Session&, std::int64_t id, std::int64_t at);
std::vector<Grant> GrantsOf(Session&, std::int64_t person);       // running ones
std::vector<Grant> GrantsFor(Session&, const std::string& role);  // running ones
std::vector<Person> Holders(Session&, const std::string& role, const std::string& scope);

// Absence: `delegate` acts for `person` between two instants (scope as a grant's, "" = all).
struct Delegation {
  std::int64_t id = 0;
  std::int64_t person = 0;
  std::int64_t delegate = 0;
  std::string scope;
  std::int64_t from_at = 0;
  std::int64_t until_at = 0;
};
std::int64_t InsertDelegation(Session&, const Delegation&);
std::vector<Delegation> DelegationsTo(Session&, std::int64_t delegate, std::int64_t at);
std::vector<Delegation> DelegationsOf(Session&, std::int64_t person, std::int64_t at);
std::vector<Delegation> RunningDelegations(Session&, std::int64_t at);  // everybody's
// Running or to come, the earliest first.
std::vector<Delegation> AbsencesOf(Session&, std::int64_t person, std::int64_t now);
// False when it is not one of theirs, or is over already.
bool EndDelegation(Session&, std::int64_t id, std::int64_t person, std::int64_t at);

// A mailed log-in link: only the hash of its token is kept; consumed once.
struct LoginLink {
  std::string token_hash;  // hex SHA-256
  std::int64_t person = 0;
  std::int64_t expires_at = 0;
  bool reusable = false;         // the demo's links only
  std::string next;              // path to go to after log-in
  std::int64_t created_at = 0;   // must be set: LoginLinksSince counts by it
  std::int64_t consumed_at = 0;  // 0 while it can be used
};
void InsertLoginLink(Session&, const LoginLink&);
std::optional<LoginLink> FindLoginLink(Session&, const std::string& token_hash);
bool ConsumeLoginLink(Session&, const std::string& token_hash,
                      std::int64_t now);                              // false: too late
void EndLoginLinks(Session&, std::int64_t person, std::int64_t now);  // those not used yet
std::int64_t LoginLinksSince(Session&, std::int64_t person, std::int64_t since);

// How often `who` (a digest) asked since the first time within `window_ms`, this time included: one
// count for all processes.
std::int64_t CountRequest(Session&, const std::string& who, std::int64_t window_ms,
                          std::int64_t now);

struct WebSession {
  std::string token_hash;
  std::int64_t person = 0;
  std::string auth_method;
  std::string csrf;
  std::int64_t created_at = 0;
  std::int64_t seen_at = 0;
};
void InsertWebSession(Session&, const WebSession&);
std::optional<WebSession> FindWebSession(Session&, const std::string& token_hash);
void TouchWebSession(Session&, const std::string& token_hash, std::int64_t now);  // never back
void EndWebSession(Session&, const std::string& token_hash);
void EndWebSessionsOf(Session&, std::int64_t person);
std::vector<WebSession> WebSessionsOf(Session&, std::int64_t person);

}  // namespace aiguillage::storage
