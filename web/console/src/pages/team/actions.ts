/** What the audit calls things, in words a person knows; an unknown action is shown as it is. */
import type { Pair } from '@/lib/words'
export const ACTIONS: Record<string, Pair> = {
  log_in: ['登录', 'Logged in'], log_out: ['退出登录', 'Logged out'], accept_invite: ['接受邀请', 'Accepted an invitation'], change_password: ['修改密码', 'Changed the password'], confirm_totp: ['开启两步验证', 'Turned on two-step log-in'],
  put_staff: ['邀请或修改员工', 'Invited or changed staff'], remove_staff: ['移除员工', 'Removed staff'], retry_job: ['重试任务', 'Retried a job'], offer_totp: ['查看两步验证', 'Opened two-step log-in'],
  put_merchant: ['创建商户', 'Took a merchant on'], suspend_merchant: ['停用商户', 'Suspended a merchant'], resume_merchant: ['恢复商户', 'Resumed a merchant'], put_component: ['修改第三方平台', 'Changed the Open Platform'], provider_request_ticket: ['请求票据', 'Asked for a ticket'], request_ticket: ['请求票据', 'Asked for a ticket'],
  put_authorization: ['发起公众号授权', 'Started an authorization'], put_own_account: ['接入自有公众号', 'Connected an own account'], rotate_own_keys: ['更换消息加密密钥', 'Changed the message key'], drop_own_account: ['断开自有公众号', 'Disconnected an own account'], put_option: ['修改公众号选项', 'Changed an account setting'], choose_component: ['切换第三方平台', 'Chose an Open Platform'],
  put_shop: ['修改店铺资料', 'Changed the shop'], put_freight: ['修改运费', 'Changed the freight'], put_pickup_place: ['修改自提点', 'Changed pickup'], publish_home_page: ['发布首页', 'Published the home page'],
  put_pay_account: ['修改支付设置', 'Changed WeChat Pay'], put_pay_keys: ['上传支付密钥', 'Stored keys'], start_pay_test: ['发起一分钱测试', 'Started the one-fen test'],
  put_welcome: ['修改欢迎语', 'Changed the welcome'], put_reply: ['修改自动回复', 'Changed an automatic reply'], delete_reply: ['删除自动回复', 'Removed an automatic reply'], order_replies: ['调整自动回复顺序', 'Reordered automatic replies'], put_synonyms: ['修改同义词', 'Changed synonyms'], try_reply: ['试用自动回复', 'Tried an automatic reply'], put_menu: ['修改菜单', 'Changed the menu'], publish_menu: ['发布菜单', 'Published the menu'], put_scene_code: ['创建渠道二维码', 'Made a QR code'], put_coupon: ['修改优惠券', 'Changed a coupon'],
  put_fan_sync: ['同步粉丝', 'Synced the followers'], cancel_fan_sync: ['取消粉丝同步', 'Cancelled a sync of followers'], put_tag: ['修改粉丝标签', 'Changed a tag'], drop_tag: ['删除粉丝标签', 'Dropped a tag'], put_fan_task: ['批量操作粉丝', 'Changed tags, remarks or the blacklist'],
  put_product: ['修改商品', 'Changed goods'], shelve_product: ['上下架商品', 'Shelved goods'], count_stock: ['盘点库存', 'Counted stock'], drop_product: ['删除商品', 'Deleted goods'], put_category: ['修改分类', 'Changed a category'], drop_category: ['删除分类', 'Deleted a category'], upload_picture: ['上传图片', 'Uploaded a picture'],
  ship_order: ['发货', 'Shipped an order'], cancel_order: ['关闭订单', 'Cancelled an order'], ask_refund: ['发起退款', 'Refunded an order'], repeat_refund: ['重新退款', 'Repeated a refund'], set_memo: ['修改备注', 'Changed a memo'], verify_pickup: ['核销自提', 'Verified a pickup'],
  resolve_difference: ['处理对账差异', 'Resolved a difference'], run_reconciliation: ['重新对账', 'Ran a reconciliation'],
  add_material: ['上传素材', 'Uploaded a material'], upload_material: ['提交素材到微信', 'Sent a material to WeChat'], drop_material: ['删除素材', 'Deleted a material'], sync_library: ['同步素材库', 'Synced the library'],
}
/** What an action was done to, by the name of its id in the address. */
export const SUBJECTS: Record<string, Pair> = {
  staff_id: ['员工', 'Staff'], merchant_id: ['商户', 'Merchant'], product_id: ['商品', 'Goods'], category_id: ['分类', 'Category'], order_id: ['订单', 'Order'], refund_id: ['退款', 'Refund'], shipment_id: ['包裹', 'Parcel'], coupon_id: ['优惠券', 'Coupon'], code_id: ['二维码', 'QR code'], fan_id: ['粉丝', 'Fan'], tag_id: ['标签', 'Tag'], task_id: ['批量任务', 'Task'], sync_id: ['粉丝同步', 'Sync'], material_id: ['素材', 'Material'], job_id: ['任务', 'Job'], difference_id: ['差异', 'Difference'], authorization_id: ['授权', 'Authorization'], day: ['日期', 'Day'], code: ['自提码', 'Pickup code'], token: ['邀请', 'Invitation'],
}
