// Who asked to be told of a call, without an account: an address that its owner confirmed by a
// mailed link. Of the link only the digest is kept; who ends it leaves nothing behind.
//
//   AskSubscription(session, "mentor-2027", "ana@exemple.invalid", Sha256(secret), now)
//   ConfirmSubscription(session, FindSubscription(session, Sha256(secret))->id, now)
//   SubscribersOf(session, "mentor-2027")                                     confirmed ones
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace aiguillage::storage {

class Session;

struct CallSubscriber {
  std::int64_t id = 0;
  std::string call;
  std::string address;  // lower case
  std::int64_t asked_at = 0;
  std::int64_t confirmed_at = 0;  // 0 until then
};
// Its id; 0, and nothing written, for an address that is confirmed. One that still waits gets the
// new link.
std::int64_t AskSubscription(Session&, const std::string& call, const std::string& address,
                             const std::string& token_hash, std::int64_t now);
std::optional<CallSubscriber> FindSubscriber(Session&, std::int64_t id);
std::optional<CallSubscriber> FindSubscription(Session&, const std::string& token_hash);
void ConfirmSubscription(Session&, std::int64_t id, std::int64_t now);
void EndSubscription(Session&, std::int64_t id);  // its address is forgotten by sent mails too
void ForgetUnconfirmed(Session&, std::int64_t before);  // asked before that instant
std::vector<CallSubscriber> SubscribersOf(Session&, const std::string& call);  // confirmed, by id

}  // namespace aiguillage::storage
